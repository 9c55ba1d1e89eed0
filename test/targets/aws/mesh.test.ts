import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import blueprint from '../../../blueprint.ts';
import { compileProxy } from '../../../src/mesh/compile.ts';
import { createAuthority } from '../../../src/security/certificates/authority.ts';
import { issueCertificate } from '../../../src/security/certificates/certificate.ts';
import { accountMesh, proxyEnvironment } from '../../../src/targets/aws/mesh/proxy-environment.ts';
import { acquire } from '../../../src/targets/local/engines/acquisition.ts';
import { createMeshFiles } from '../../../src/targets/local/mesh.ts';
import { statePaths } from '../../../src/targets/local/paths.ts';
import { enginesFolder, temporaryFolder } from '../../engines.ts';
import { planOf } from './plan.ts';
import { onlyOf, propertiesOf } from './resources.ts';
import { assembly, templateOf } from './templates.ts';

const proxies = [
  { kind: 'node', name: 'microservice-a' },
  { kind: 'node', name: 'microservice-b' },
  { kind: 'gateway', name: 'ingress' },
] as const;

type Files = Readonly<Record<string, unknown>>;

function filesIn(folder: string): Files {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8'))]),
  );
}

/** The configuration in a proxy's image. */
function configurationOf(proxy: string): string {
  return join(assembly().directory, 'images/envoy', proxy, 'configuration');
}

/** Where two values differ, and what stands there. */
function differences(
  one: unknown,
  other: unknown,
  path = '',
): { path: string; local: unknown; account: unknown }[] {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other ? [] : [{ path, local: one, account: other }];
  }
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].flatMap((name) =>
    differences(Reflect.get(one, name), Reflect.get(other, name), path === '' ? name : `${path}/${name}`),
  );
}

describe('a proxy in the account and the same on a laptop', async () => {
  const plan = planOf(blueprint);
  const addresses = (first: number) => ({
    admin: { host: '127.0.0.1', port: first },
    listeners: { 8080: { host: '127.0.0.1', port: first + 1 } },
    applications: { 8080: { host: '127.0.0.1', port: first + 2 } },
    egress: { host: '127.0.0.1', port: first + 3 },
    tcpEgress: {},
  });
  const certificates = { chain: '/pki/chain.pem', key: '/pki/key.pem', authority: '/pki/authority.pem' };

  /** Addresses, folders, and how addresses are found: a list that is kept, or a name that is asked for. */
  const places = [
    /\/address\/socket_address\/(address|port_value)$/,
    /\/path_config_source\/(path|watched_directory\/path)$/,
    /^clusters\.json\/resources\/\d+\/(type|eds_cluster_config|load_assignment|dns_lookup_family)$/,
    /^endpoints-[\w-]+\.json$/,
  ];
  /** Where certificates are read from. */
  const sources = [
    /^secret-[\w-]+\.json\/resources\/0\/\w+\/((certificate_chain|private_key|trusted_ca)\/filename|watched_directory\/path)$/,
  ];

  for (const proxy of proxies) {
    test(`differ in addresses and certificate sources only: ${proxy.name}`, async (t) => {
      const folder = await temporaryFolder(t);
      const local = createMeshFiles(statePaths(folder), { envoy: '/envoy' }, plan);
      const { listeners, admin, ...more } = addresses(40_000);
      const own = proxy.kind === 'node' ? more : {};
      local.add({ name: proxy.name, proxy, admin, listeners, ...own, certificates });
      const found = differences(
        filesIn(join(statePaths(folder).envoy, proxy.name)),
        filesIn(configurationOf(proxy.name)),
      );
      const other = found.filter(({ path }) => ![...places, ...sources].some((known) => known.test(path)));
      assert.deepEqual(other, []);
      for (const known of sources)
        assert.ok(
          found.some(({ path }) => known.test(path)),
          String(known),
        );
    });
  }

  test('find each other by the names that Cloud Map answers to, all of their addresses', () => {
    const zone = onlyOf(templateOf('mesh'), 'AWS::ServiceDiscovery::PrivateDnsNamespace');
    const names = Object.values(propertiesOf(templateOf('mesh'), 'AWS::ServiceDiscovery::Service'));
    const answered = names.map(({ Name }) => `${Name}.${zone.Name}`).sort();
    const { resources } = filesIn(configurationOf('microservice-a'))['clusters.json'] as {
      resources: { type: string; load_assignment?: unknown }[];
    };
    const asked = resources.filter(({ type }) => type === 'STRICT_DNS');
    assert.equal(asked.length, 1);
    const [, name] = /"address":"([^"]+)"/.exec(JSON.stringify(asked[0]?.load_assignment)) ?? [];
    assert.equal(name, 'microservice-b.default.svc.cluster.local');
    assert.deepEqual(answered, Object.values(blueprint.mesh.nodes).map(hostnameOf).sort());
    for (const properties of names) {
      assert.deepEqual((properties.DnsConfig as { DnsRecords: unknown }).DnsRecords, [{ TTL: 5, Type: 'A' }]);
    }
  });

  test('keep the discovery that a node asks for', () => {
    const copy = structuredClone(blueprint);
    const { hostname = '', ...node } = copy.mesh.nodes['microservice-b'] ?? {};
    copy.mesh.nodes['microservice-b'] = {
      ...node,
      serviceDiscovery: { dns: { hostname, responseType: 'LOADBALANCER' } },
    };
    const changed = planOf(copy);
    const proxy = { kind: 'node', name: 'microservice-a' } as const;
    const { files } = compileProxy(accountMesh(changed), proxy, proxyEnvironment(changed, proxy));
    const clusters = JSON.stringify(files['clusters.json']);
    assert.match(clusters, /"LOGICAL_DNS"/);
    assert.doesNotMatch(clusters, /"STRICT_DNS"/);
  });
});

describe("the configuration in a proxy's image", () => {
  for (const { name } of proxies) {
    test(`is one that Envoy takes: ${name}`, async (t) => {
      const folder = await temporaryFolder(t);
      cpSync(configurationOf(name), folder, { recursive: true });
      const authority = await createAuthority({ name: 'mesh', ttl: 3_600_000 });
      const { chain, key } = await issueCertificate(authority, { service: name, trustDomain: 'mesh' });
      for (const [file, content] of Object.entries({ chain, key, authority: authority.pem })) {
        writeFileSync(join(folder, `${file}.pem`), content);
      }
      for (const file of readdirSync(folder).filter((candidate) => candidate.endsWith('.json'))) {
        const text = readFileSync(join(folder, file), 'utf8');
        writeFileSync(join(folder, file), text.replace(/\/etc\/envoy|(?<=")\/certificates/g, folder));
      }
      const { envoy } = await acquire('envoy', { enginesFolder });
      const words = ['--mode', 'validate', '-c', join(folder, 'bootstrap.json')];
      const { stdout, stderr } = await promisify(execFile)(envoy, words);
      assert.match(stdout + stderr, /configuration '.*' OK/);
    });
  }
});

function hostnameOf(node: (typeof blueprint.mesh.nodes)[string]): string {
  return node.hostname ?? '';
}
