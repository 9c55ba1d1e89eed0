import type { EnvironmentManifest } from './manifest.ts';
import type { PlacedProxy } from './placed-proxy.ts';

/** The page that says what the files are and how to go on. */
export function readmeOf(proxies: readonly PlacedProxy[]): string {
  const manifests = proxies.map(({ proxy }) => proxy.manifest);
  const [first] = manifests;
  const version = first?.envoy.version ?? '';
  return [
    '# Envoy in the place of App Mesh',
    'Made by `strata mesh import`. Run it again to bring this folder up to date; it refuses to while there is a file here that it did not write.',
    table(
      ['folder', 'proxy of', 'listens on', 'its app listens on', 'its app calls'],
      proxies.map(({ folder, proxy: { manifest } }) => [
        `[${folder}](${folder})`,
        `${manifest.proxy.kind === 'node' ? 'virtual node' : 'virtual gateway'} ${manifest.proxy.name}`,
        manifest.listeners
          .map(({ port, protocol, tls }) => `${port} ${protocol}${tls === 'DISABLED' ? '' : ` (TLS ${tls})`}`)
          .join(', '),
        (manifest.application?.listens ?? []).map(({ address }) => address).join(', '),
        [
          ...(manifest.application?.http?.hosts ?? []),
          ...(manifest.application?.tcp ?? []).map(
            ({ virtualService, address }) => `${virtualService} at ${address}`,
          ),
        ].join(', '),
      ]),
    ),
    '## Each folder',
    table(
      ['file', 'is'],
      [
        ['`bootstrap.json`', `the configuration: \`envoy --config-path bootstrap.json\`, Envoy ${version}`],
        ['`environment.json`', 'what the proxy expects where it runs: ports, certificates, names, addresses'],
        ['`Dockerfile`', 'an image of the proxy with its configuration'],
        ['`ecs-task-definition.json`', 'the containers for an ECS task definition'],
        ['`kubernetes.yaml`', 'a ConfigMap, and a patch that puts the proxy into a Deployment'],
      ],
    ),
    '## What changes for an app',
    [
      'Nothing redirects connections any more, as App Mesh did with iptables. So an app',
      '',
      '1. listens on the address the table says, because the proxy has its port now (`PORT` in the fragments);',
      '2. sends its HTTP calls to its proxy, with the name of the virtual service as the Host: `MESH_EGRESS_URL` in the fragments;',
      '3. makes its TCP connections to the address the table says for each service.',
    ].join('\n'),
    ...certificates(proxies),
    ...names(manifests),
    ...addresses(proxies),
    '## Check',
    [
      'Every bootstrap was accepted by Envoy before it was written, with throw-away certificates in the place of those it names. With the real ones in their place:',
      '',
      '```sh',
      'envoy --mode validate --config-path bootstrap.json',
      '```',
    ].join('\n'),
    '',
  ].join('\n\n');
}

function certificates(proxies: readonly PlacedProxy[]): string[] {
  const rows = proxies.flatMap(({ folder, proxy }) =>
    proxy.manifest.certificates.map(({ secret, kind, certificateChain, privateKey, authorities, socket }) => [
      folder,
      kind === 'certificate' ? 'its certificate' : 'whom it trusts',
      socket === undefined
        ? [certificateChain, privateKey, authorities]
            .filter((file) => file !== undefined)
            .map(code)
            .join(' ')
        : `${code(secret)} from the secret service at ${code(socket)}`,
    ]),
  );
  if (rows.length === 0) return [];
  return [
    '## Certificates',
    'PEM files each proxy reads; put them there before it starts.',
    table(['folder', 'what', 'where'], rows),
  ];
}

function names(manifests: readonly EnvironmentManifest[]): string[] {
  const rows = new Map(
    manifests
      .flatMap(({ dns }) => dns)
      .map(({ name, port, node, response }) => [
        `${name}:${port}`,
        [
          code(name),
          String(port),
          node,
          response === 'LOADBALANCER' ? 'one address at a time' : 'all addresses',
        ],
      ]),
  );
  if (rows.size === 0) return [];
  return [
    '## Names',
    'Proxies find each other in DNS under these names.',
    table(['name', 'port', 'node', 'used'], [...rows.values()]),
  ];
}

function addresses(proxies: readonly PlacedProxy[]): string[] {
  const rows = proxies.flatMap(({ folder, proxy }) =>
    proxy.manifest.addresses.map(({ cluster, node, port, attributes }) => [
      folder,
      code(cluster),
      `${node}, port ${port}`,
      attributes.map(code).join(' '),
    ]),
  );
  if (rows.length === 0) return [];
  return [
    '## Addresses',
    'Nodes that AWS Cloud Map tells apart by attributes: DNS cannot. List their addresses under the cluster in `bootstrap.json`, or import with `--live` and keep them in a file that Envoy watches.',
    table(['folder', 'cluster', 'node', 'attributes'], rows),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}
