import { spiffeId } from '../kernel/spiffe.ts';
import type { ClientPolicy } from '../model/mesh/client-policy.ts';
import type { VirtualNodeSpec } from '../model/mesh/virtual-node.ts';
import type { MeshDefinition } from './definition.ts';
import { meshIndex } from './mesh-index.ts';

/** The name of the secret that holds a trust domain's authorities, as SPIRE gives it: the trust domain's own id. */
export function trustDomainId(trustDomain: string): string {
  return `spiffe://${trustDomain}`;
}

/**
 * The mesh with mutual TLS on every hop between its proxies, in App Mesh's own terms: each listener of a node is
 * strict, proves itself by its SPIFFE id, and lets in the ids of exactly those who may call the node; each caller
 * proves itself too and accepts exactly the nodes it means. Virtual gateways' own listeners stay as they are: their
 * callers are outside of the mesh.
 * @param earlier a mesh whose callers are let in as well, while proxies go from that one to this
 */
export function withMutualTls(
  mesh: MeshDefinition,
  trustDomain: string,
  earlier: MeshDefinition = mesh,
): MeshDefinition {
  const index = meshIndex(mesh);
  const callersOf = (node: string) =>
    [index, meshIndex(earlier)].flatMap(({ callers }) => callers.get(node) ?? []).map(({ name }) => name);
  const trust = { sds: { secretName: trustDomainId(trustDomain) } };
  const certificateOf = (name: string) => ({ sds: { secretName: spiffeId(trustDomain, name) } });
  const names = (identities: Iterable<string>) => ({
    match: { exact: [...new Set(identities)].map((name) => spiffeId(trustDomain, name)).sort() },
  });
  const policy = (caller: string, services: readonly string[]): ClientPolicy => {
    const nodes = services.flatMap((service) => index.services.get(service)?.targets ?? []);
    const subjectAlternativeNames = names(nodes.map(({ node }) => node));
    const validation = { trust, subjectAlternativeNames };
    return { tls: { enforce: true, certificate: certificateOf(caller), validation } };
  };
  const node = (name: string, spec: VirtualNodeSpec): VirtualNodeSpec => {
    const validation = { trust, subjectAlternativeNames: names(callersOf(name)) };
    const tls = { mode: 'STRICT' as const, certificate: certificateOf(name), validation };
    return {
      ...spec,
      listeners: spec.listeners?.map((listener) => ({ ...listener, tls })),
      backends: spec.backends?.map(({ virtualService }) => ({
        virtualService: virtualService && {
          ...virtualService,
          clientPolicy: policy(name, [virtualService.virtualServiceName]),
        },
      })),
    };
  };
  const gateway = (name: string, { spec, gatewayRoutes }: MeshDefinition['virtualGateways'][string]) => {
    const services = Object.values(gatewayRoutes).flatMap(({ httpRoute, http2Route, grpcRoute }) => {
      const target = (httpRoute ?? http2Route ?? grpcRoute)?.action.target;
      return target ? [target.virtualService.virtualServiceName] : [];
    });
    return { spec: { ...spec, backendDefaults: { clientPolicy: policy(name, services) } }, gatewayRoutes };
  };
  return {
    ...mesh,
    virtualNodes: mapped(mesh.virtualNodes, node),
    virtualGateways: mapped(mesh.virtualGateways, gateway),
    policy: { ...mesh.policy, trustDomain, minimumTls: 'TLSv1_3' },
  };
}

function mapped<Value>(
  record: Readonly<Record<string, Value>>,
  change: (name: string, value: Value) => Value,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(name, value)]));
}
