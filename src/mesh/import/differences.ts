import type { ImportedMesh } from './assembly/assemble.ts';
import { titleOf } from './assembly/resource-title.ts';
import { fieldDifferences } from './field-differences.ts';
import type { Finding, FoundResource, Origin, ResourceKind } from './found-resource.ts';
import type { SidecarProxy } from './sidecar/proxies.ts';

/**
 * What the proxies of a mesh do in another way than App Mesh's did, or leave to somebody: each with the place in the
 * documents that it is about.
 */
export function differences(mesh: ImportedMesh, proxies: readonly SidecarProxy[]): Finding[] {
  return [
    ...interceptionDifferences(mesh, proxies),
    ...proxies.flatMap((proxy) => proxyDifferences(mesh, proxy)),
    ...fieldDifferences(mesh),
  ];
}

/** Nothing redirects an app's connections any more: it has to know its proxy. */
function interceptionDifferences(mesh: ImportedMesh, proxies: readonly SidecarProxy[]): Finding[] {
  const apps = proxies.filter(({ manifest }) => manifest.application !== undefined);
  const [first] = apps;
  if (first === undefined) return [];
  const origin = originOf(mesh, 'mesh', mesh.name) ?? nodeOrigin(mesh, first);
  return [
    {
      severity: 'warning',
      code: 'no-interception',
      message:
        'App Mesh redirected connections to the proxy, and nothing does here: an app listens on the port that environment.json says, and calls through MESH_EGRESS_URL',
      origin,
      remedy: 'The fragments for ECS and Kubernetes set PORT and MESH_EGRESS_URL.',
    },
  ];
}

function proxyDifferences(mesh: ImportedMesh, proxy: SidecarProxy): Finding[] {
  const { manifest } = proxy;
  const origin = nodeOrigin(mesh, proxy);
  const title = titleOf({ kind: kindOf(proxy), name: manifest.proxy.name });
  const findings: Finding[] = [];
  const tell = (code: string, message: string, remedy?: string) =>
    findings.push({
      severity: 'warning',
      code,
      message,
      origin,
      ...(remedy === undefined ? {} : { remedy }),
    });
  const byHand = manifest.addresses.map(({ node, attributes }) => `${node} (${attributes.join(', ')})`);
  if (byHand.length > 0) {
    tell(
      'addresses-by-hand',
      `${title} calls nodes that Cloud Map tells apart by attributes, and DNS cannot: ${byHand.join(', ')}`,
      'List their addresses in its bootstrap.json, or import with --live and keep them in the file environment.json names.',
    );
  }
  const tcp = (manifest.application?.tcp ?? []).map(
    ({ virtualService, address }) => `${virtualService} at ${address}`,
  );
  if (tcp.length > 0) tell('tcp-address', `the app of ${title} connects to ${tcp.join(', ')}`);
  const acm = manifest.certificates.filter(({ secret }) => /^(certificates|authorities):/.test(secret));
  if (acm.length > 0) {
    const files = acm.flatMap(({ certificateChain, privateKey, authorities }) =>
      [certificateChain, privateKey, authorities].filter((file) => file !== undefined),
    );
    tell(
      'certificate-from-file',
      `App Mesh brought ${title} what it has from ACM; here it reads ${files.join(', ')}`,
      'Export the certificates, and put them there before they expire.',
    );
  }
  return findings;
}

function kindOf({ proxy }: SidecarProxy): ResourceKind {
  return proxy.kind === 'node' ? 'virtualNode' : 'virtualGateway';
}

/** Where a proxy's resource stands; where it was supplied, something of its mesh. */
function nodeOrigin(mesh: ImportedMesh, proxy: SidecarProxy): Origin {
  const [first]: readonly FoundResource[] = mesh.found;
  const own = originOf(mesh, kindOf(proxy), proxy.manifest.proxy.name);
  return own ?? first?.origin ?? { file: '', line: 1, path: '' };
}

function originOf({ found }: ImportedMesh, kind: ResourceKind, name: string): Origin | undefined {
  return found.find((resource) => resource.kind === kind && resource.name === name)?.origin;
}
