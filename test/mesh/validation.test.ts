import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import fc from 'fast-check';
import blueprint from '../../blueprint.ts';
import { compileProxy, proxiesOf } from '../../src/mesh/compile.ts';
import type { MeshDefinition } from '../../src/mesh/definition.ts';
import { tcpBackendsOf } from '../../src/mesh/egress.ts';
import type { AddressesByPort, ProxyEnvironment, ProxyReference } from '../../src/mesh/environment.ts';
import { bundled } from '../../src/mesh/envoy/bundle.ts';
import { meshIndex } from '../../src/mesh/mesh-index.ts';
import { platformMesh, trustDomainOf } from '../../src/mesh/platform-mesh.ts';
import { refusals } from '../../src/mesh/refusals.ts';
import { checkResources } from '../../src/model/mesh/resources.ts';
import { specificationMistakes } from '../../src/model/mesh/specification.ts';
import { plan } from '../../src/model/plan.ts';
import { issueCertificate } from '../../src/security/certificates/certificate.ts';
import { acquire } from '../../src/targets/local/engines/acquisition.ts';
import { enginesFolder, type Lifetime, temporaryFolder } from '../engines.ts';
import { arbitraryMesh, known } from './arbitrary-mesh.ts';
import { meshAuthority, trustDomain, writeCertificate } from './proxies.ts';

const run = promisify(execFile);
const host = '127.0.0.1';
const open = { egress: { address: { host, port: 15001 }, open: true } };
const redirected = {
  interception: { ingress: { host: '0.0.0.0', port: 15000 }, egress: { host: '0.0.0.0', port: 15001 } },
};

test("Envoy accepts every file of every proxy of the project's blueprint", async (t) => {
  const resolved = plan(blueprint).plan;
  assert.ok(resolved);
  const validate = await validator(t);
  for (const mutualTls of [true, false]) {
    const mesh = platformMesh({ ...resolved.mesh, mutualTls });
    await Promise.all(proxiesOf(mesh).map((proxy) => validate(mesh, proxy, {}, trustDomainOf(mesh.name))));
  }
});

test('Envoy accepts whatever App Mesh could say and the compiler does not refuse', async (t) => {
  const validate = await validator(t);
  const meshes = arbitraryMesh(validate.folder).filter((mesh) => refusals(mesh).length === 0);
  await fc.assert(
    fc.asyncProperty(meshes, fc.constantFrom({}, open, redirected), async (mesh, around) => {
      assert.deepEqual([...specificationMistakes(mesh)], []);
      assert.deepEqual(checkResources(mesh), []);
      const interceptable = around !== redirected || portsAreTold(mesh);
      const proxies = proxiesOf(mesh).filter(({ kind }) => kind === 'gateway' || interceptable);
      await Promise.all(proxies.map((proxy) => validate(mesh, proxy, around)));
    }),
    { numRuns: 12 },
  );
});

/** Whether no two services share a port over TCP, where only the port tells what a redirected connection is for. */
function portsAreTold(mesh: MeshDefinition): boolean {
  const ports = [...meshIndex(mesh).services.values()].flatMap(({ listeners }) => listeners);
  return ports.every(
    ({ port, protocol }) => protocol !== 'tcp' || ports.filter((other) => other.port === port).length === 1,
  );
}

/** Compiles a proxy and has Envoy judge all it reads; of the platform's own proxies also what they start with. */
async function validator(lifetime: Lifetime) {
  const folder = await temporaryFolder(lifetime);
  const { envoy } = await acquire('envoy', { enginesFolder });
  const authority = await meshAuthority();
  const issued = await issueCertificate(authority, { service: 'any', trustDomain });
  const certificate = await writeCertificate(folder, issued, authority);
  const own = { certificateChain: certificate.chain, privateKey: certificate.key };
  const trusted = { authorities: certificate.authority };
  const ports = byPort([80, 8080, 8081, 8082], 10_000);
  let count = 0;
  const validate = async (
    mesh: MeshDefinition,
    proxy: ProxyReference,
    around: Partial<ProxyEnvironment>,
    domain = '',
  ) => {
    count += 1;
    const directory = join(folder, String(count));
    await mkdir(directory);
    const tcp = proxy.kind === 'node' ? tcpBackendsOf(mesh, proxy.name) : [];
    const environment: ProxyEnvironment = {
      directory,
      admin: { host, port: 9901 },
      listeners: ports,
      applications: ports,
      egress: { address: { host, port: 15001 }, open: false },
      tcpEgress: Object.fromEntries(
        tcp.map(({ service, port }, index) => [service, byPort([port], 20_000 + index - port)]),
      ),
      secrets: {
        kind: 'files',
        secrets: {
          [known.certificateSecret]: own,
          [known.authoritySecret]: trusted,
          [`spiffe://${domain}/${proxy.name}`]: own,
          [`spiffe://${domain}`]: trusted,
        },
      },
      certificates: { [known.certificateArn]: own },
      authorities: { [known.certificateArn]: trusted, [known.authorityArn]: trusted },
      ...around,
    };
    const { files } = compileProxy(mesh, proxy, environment);
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(directory, name), JSON.stringify(content));
    }
    const whole = bundled(files, { whole: true })['bootstrap.json'];
    await writeFile(join(directory, 'whole.json'), JSON.stringify(whole));
    for (const file of domain === '' ? ['whole.json'] : ['bootstrap.json', 'whole.json']) {
      const { stdout, stderr } = await run(envoy, ['--mode', 'validate', '-c', join(directory, file)]);
      assert.match(stdout, /OK/);
      assert.doesNotMatch(stderr, /\[(warning|error|critical)\]/);
    }
  };
  return Object.assign(validate, { folder });
}

function byPort(ports: readonly number[], offset: number): AddressesByPort {
  return Object.fromEntries(ports.map((port) => [port, { host, port: port + offset }]));
}
