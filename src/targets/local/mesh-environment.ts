import { StrataError } from '../../kernel/errors.ts';
import { spiffeId } from '../../kernel/spiffe.ts';
import { proxiesOf } from '../../mesh/compile.ts';
import type { MeshDefinition } from '../../mesh/definition.ts';
import type { AddressesByPort, ProxyEnvironment, ProxyReference } from '../../mesh/environment.ts';
import { trustDomainId } from '../../mesh/mutual-tls.ts';
import { platformMesh, trustDomainOf } from '../../mesh/platform-mesh.ts';
import { resolveProxy } from '../../mesh/resolution.ts';
import type { Plan } from '../../model/plan.ts';
import type { CertificateFiles } from './certificates.ts';
import type { Address } from './process.ts';

/** One Envoy of the mesh. */
export interface ProxyPlacement {
  /** What `strata status` calls it. */
  readonly name: string;
  readonly proxy: ProxyReference;
  readonly admin: Address;
  /** Where it listens for the mesh, by the blueprint's ports. */
  readonly listeners: AddressesByPort;
  /** A sidecar's app, and where it sends its calls. */
  readonly applications?: AddressesByPort;
  readonly egress?: Address;
  readonly tcpEgress?: Readonly<Record<string, AddressesByPort>>;
  readonly certificates: CertificateFiles;
}

/** Where the sidecars of each service can be reached now, each by the blueprint's ports. */
export type Endpoints = Readonly<Record<string, readonly AddressesByPort[]>>;

/** What a proxy's environment depends on beside its placement. */
interface Surroundings {
  readonly plan: Plan;
  readonly mesh: MeshDefinition;
  readonly endpoints: Endpoints;
  readonly directory: string;
}

/** What a proxy finds on this machine. */
export function environmentOf(placement: ProxyPlacement, around: Surroundings): ProxyEnvironment {
  const { proxy, certificates, admin, listeners, applications, egress, tcpEgress } = placement;
  const { plan, mesh, endpoints, directory } = around;
  const trustDomain = trustDomainOf(mesh.name);
  const identity = spiffeId(trustDomain, proxy.name);
  const own = { certificateChain: certificates.chain, privateKey: certificates.key };
  const authorities = { authorities: certificates.authority };
  return {
    directory,
    admin,
    identity,
    listeners,
    ...(applications ? { applications } : {}),
    // An app calls what is outside of the mesh itself: its sidecar is for the mesh alone.
    ...(egress ? { egress: { address: egress, open: false } } : {}),
    ...(tcpEgress ? { tcpEgress } : {}),
    secrets: { kind: 'files', secrets: { [identity]: own, [trustDomainId(trustDomain)]: authorities } },
    health: Object.fromEntries(
      Object.entries(plan.compute.services).map(([name, { health }]) => [name, health]),
    ),
    // Nodes without tasks are known to have none.
    endpoints: {
      ...Object.fromEntries(Object.keys(mesh.virtualNodes).map((name) => [name, []])),
      ...endpoints,
    },
  };
}

/**
 * Makes sure that the proxies of a plan need no certificate that only another place has.
 * @throws StrataError mesh-certificate-elsewhere
 */
export function requireCertificates(plan: Plan): void {
  const mesh = platformMesh(plan.mesh);
  for (const proxy of proxiesOf(mesh)) {
    const address = { host: '127.0.0.1', port: 0 };
    const certificates = { chain: '', key: '', authority: '' };
    const placement = {
      name: proxy.name,
      proxy,
      admin: address,
      listeners: {},
      egress: address,
      certificates,
    };
    const environment = environmentOf(placement, { plan, mesh, endpoints: {}, directory: '' });
    const { mistakes } = resolveProxy(mesh, proxy, environment);
    const lacking = mistakes.find(({ path }) =>
      /^environment\.(secrets|certificates|authorities)/.test(path),
    );
    if (lacking) {
      const name = lacking.path.replace(/^environment\./, '');
      throw new StrataError('mesh-certificate-elsewhere', { proxy: proxy.name, name });
    }
  }
}

/** Whether a mesh has a proxy. */
export function isPartOf(
  { virtualNodes, virtualGateways }: MeshDefinition,
  { kind, name }: ProxyReference,
): boolean {
  return name in (kind === 'node' ? virtualNodes : virtualGateways);
}
