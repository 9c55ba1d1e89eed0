import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import blueprint from '../../blueprint.ts';
import { compileProxy } from '../../src/mesh/compile.ts';
import type { ProxyEnvironment, ProxyReference } from '../../src/mesh/environment.ts';
import { plan } from '../../src/model/plan.ts';
import { issueCertificate } from '../../src/security/certificates/certificate.ts';
import { acquire } from '../../src/targets/local/engines/acquisition.ts';
import { enginesFolder, temporaryFolder } from '../engines.ts';
import { meshAuthority, trustDomain, writeCertificate } from './proxies.ts';

const run = promisify(execFile);
const host = '127.0.0.1';

test("Envoy accepts every file of every proxy of the project's blueprint", async (t) => {
  const resolved = plan(blueprint).plan;
  assert.ok(resolved);
  const { mesh, compute } = resolved;
  const { envoy } = await acquire('envoy', { enginesFolder });
  const authority = await meshAuthority();
  const issued = await issueCertificate(authority, { service: 'any', trustDomain });
  const health = Object.fromEntries(
    Object.entries(compute.services).map(([name, service]) => [name, service.health]),
  );
  const nodes = Object.keys(mesh.nodes).map((name): ProxyReference => ({ kind: 'node', name }));
  for (const mutualTls of [true, false]) {
    for (const proxy of [...nodes, { kind: 'gateway' } as const]) {
      const title = `${proxy.kind === 'node' ? proxy.name : 'gateway'}${mutualTls ? '' : ' without TLS'}`;
      await t.test(title, async (t) => {
        const directory = await temporaryFolder(t);
        const environment: ProxyEnvironment = {
          directory,
          admin: { host, port: 9901 },
          ingress: { host, port: 15000 },
          egress: { host, port: 15001 },
          application: { host, port: 8080 },
          certificates: await writeCertificate(join(directory, 'pki'), issued, authority),
          trustDomain,
          health,
          endpoints: { 'microservice-a': [{ host, port: 15002 }] },
        };
        const { files } = compileProxy({ ...mesh, mutualTls }, proxy, environment);
        for (const [name, content] of Object.entries(files)) {
          await writeFile(join(directory, name), JSON.stringify(content));
        }
        const { stdout, stderr } = await run(envoy, [
          '--mode',
          'validate',
          '-c',
          join(directory, 'bootstrap.json'),
        ]);
        assert.match(stdout, /OK/);
        assert.doesNotMatch(stderr, /\[(warning|error|critical)\]/);

        // Files are not read in that mode: as parts of the bootstrap they are.
        const whole = join(directory, 'whole.json');
        await writeFile(whole, JSON.stringify(inlined(files)));
        const inline = await run(envoy, ['--mode', 'validate', '-c', whole]);
        assert.match(inline.stdout, /OK/);
        assert.doesNotMatch(inline.stderr, /\[(warning|error|critical)\]/);
      });
    }
  }
});

type File = { resources: Record<string, unknown>[] };

/** The bootstrap with what it reads from files as static resources, routes in their listeners. */
function inlined(files: Readonly<Record<string, object>>): object {
  const { dynamic_resources: _, ...bootstrap } = files['bootstrap.json'] as Record<string, unknown>;
  const resources = (name: string) => (files[name] as File).resources;
  const routes = Object.keys(files)
    .filter((name) => name.startsWith('routes-'))
    .flatMap(resources)
    .map(({ '@type': _type, ...route }) => route);
  const listeners = JSON.parse(JSON.stringify(resources('listeners.json')), (_key, value) => {
    if (typeof value !== 'object' || value === null || !('rds' in value)) return value;
    const { rds, ...manager } = value;
    return { ...manager, route_config: routes.find(({ name }) => name === rds.route_config_name) };
  }) as Record<string, unknown>[];
  const untyped = ({ '@type': _type, ...resource }: Record<string, unknown>) => resource;
  return {
    ...bootstrap,
    static_resources: {
      listeners: listeners.map(untyped),
      clusters: resources('clusters.json').map(untyped),
    },
  };
}
