import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import blueprint from '../../../blueprint.ts';
import type { BlueprintDocument } from '../../../src/model/document.ts';
import { type Plan, plan } from '../../../src/model/plan.ts';
import { openPki } from '../../../src/targets/local/certificates.ts';
import { acquire } from '../../../src/targets/local/engines/acquisition.ts';
import { createMeshFiles } from '../../../src/targets/local/mesh.ts';
import {
  type Endpoints,
  type ProxyPlacement,
  requireCertificates,
} from '../../../src/targets/local/mesh-environment.ts';
import { statePaths } from '../../../src/targets/local/paths.ts';
import type { Address } from '../../../src/targets/local/process.ts';
import {
  type Engine,
  enginesFolder,
  freePort,
  type Lifetime,
  startEngine,
  temporaryFolder,
} from '../../engines.ts';
import { eventually } from '../../eventually.ts';
import { send, startApplication } from '../../mesh/application.ts';

const service = 'lookup.local';
const address = async (): Promise<Address> => ({ host: '127.0.0.1', port: await freePort() });

/** The blueprint with a caller and two services behind one name. */
function planWith(weights: Readonly<Record<string, number>>, maxRetries = 3): Plan {
  const document: BlueprintDocument = structuredClone(blueprint);
  const listener = { port: 8080, protocol: 'http' } as const;
  const other = document.compute.services['microservice-b'];
  assert.ok(other);
  document.compute.services['microservice-c'] = structuredClone(other);
  document.mesh.nodes = {
    'microservice-a': { hostname: 'a.local', listener, backends: [service] },
    'microservice-b': { hostname: 'b.local', listener },
    'microservice-c': { hostname: 'c.local', listener },
  };
  document.mesh.routers = {
    router: {
      virtualService: service,
      listener,
      routes: [
        {
          name: 'all',
          match: { prefix: '/' },
          targets: Object.entries(weights).map(([node, weight]) => ({ node, weight })),
          retry: { maxRetries, perRetryTimeout: '1s', httpRetryEvents: ['server-error'] },
          timeout: '4s',
        },
      ],
    },
  };
  return planOf(document);
}

function planOf(document: BlueprintDocument): Plan {
  const { plan: resolved, mistakes } = plan(document);
  assert.deepEqual(mistakes, []);
  assert.ok(resolved);
  return resolved;
}

/** A caller's Envoy and two services', with the files the platform gives them. */
async function startMesh(lifetime: Lifetime, initial: Plan) {
  const paths = statePaths(await temporaryFolder(lifetime));
  mkdirSync(paths.envoy, { recursive: true });
  const pki = await openPki(paths, initial.mesh.resources.name);
  const mesh = createMeshFiles(paths, await acquire('envoy', { enginesFolder }), initial);
  const apps = {
    'microservice-a': await startApplication(lifetime, 'a'),
    'microservice-b': await startApplication(lifetime, 'b'),
    'microservice-c': await startApplication(lifetime, 'c'),
  };
  const egress = await address();
  const endpoints: Record<string, Endpoints[string]> = {};
  const engines: Engine[] = [];
  for (const [node, { address: application }] of Object.entries(apps)) {
    const placement: ProxyPlacement = {
      name: `${node}-1-envoy`,
      proxy: { kind: 'node', name: node },
      admin: await address(),
      listeners: { 8080: await address() },
      applications: { 8080: application },
      egress: node === 'microservice-a' ? egress : await address(),
      certificates: await pki.ensure(node),
    };
    engines.push(await startEngine(lifetime, mesh.add(placement)));
    endpoints[node] = [placement.listeners];
  }
  mesh.update(initial, endpoints);
  lifetime.after(async () => mesh.close());
  return {
    b: apps['microservice-b'],
    c: apps['microservice-c'],
    pids: () => engines.map(({ pid }) => pid),
    apply: (next: Plan) => mesh.update(next, endpoints),
    call: async () => {
      const headers = { host: service, 'x-request-id': randomUUID() };
      return (await send(egress, { method: 'POST', body: '{}', headers })).status;
    },
  };
}

test("a change of the blueprint's mesh reaches running proxies under load", async (t) => {
  const onlyB = { 'microservice-b': 100, 'microservice-c': 0 };
  const onlyC = { 'microservice-b': 0, 'microservice-c': 100 };
  const { b, c, pids, apply, call } = await startMesh(t, planWith(onlyB));
  await eventually(async () => assert.equal(await call(), 200));
  const before = pids();
  const statuses: number[] = [];
  let loaded = true;
  const load = Promise.all(
    Array.from({ length: 8 }, async () => {
      while (loaded) statuses.push(await call());
    }),
  );
  const answered = async (count: number) => {
    const reached = statuses.length + count;
    await eventually(() => assert.ok(statuses.length >= reached));
  };
  try {
    await t.test('its weights move the requests', async () => {
      await answered(50);
      assert.equal(c.requests.length, 0);
      assert.deepEqual(apply(planWith(onlyC)), [], 'no proxy needs a restart');
      await eventually(() => assert.ok(c.requests.length > 50));
      await answered(50);
      const last = b.requests.length;
      await answered(100);
      assert.equal(b.requests.length, last);
    });

    await t.test('a target that is taken out, and one that is put in', async () => {
      assert.deepEqual(apply(planWith({ 'microservice-b': 1 })), []);
      await eventually(() => assert.ok(b.requests.length > 0));
      const from = c.requests.length;
      await answered(200);
      apply(planWith({ 'microservice-b': 1 }));
      await answered(50);
      assert.deepEqual(apply(planWith({ 'microservice-b': 1, 'microservice-c': 1 })), []);
      await eventually(() => assert.ok(c.requests.length > from));
      await answered(200);
    });
    assert.deepEqual([...new Set(statuses)], [200], 'no request failed');

    await t.test('its retry count decides how often a failing call is tried', async () => {
      const seen = new Set<unknown>();
      b.behave((request, response) => {
        const { 'x-request-id': id } = request.headers;
        response.writeHead(seen.has(id) ? 200 : 500).end();
        seen.add(id);
      });
      apply(planWith({ 'microservice-b': 1 }));
      await answered(100);
      assert.deepEqual([...new Set(statuses)], [200]);
      assert.deepEqual(apply(planWith({ 'microservice-b': 1 }, 0)), []);
      await eventually(async () => {
        statuses.length = 0;
        await answered(50);
        assert.deepEqual([...new Set(statuses)], [500]);
      });
      assert.deepEqual(apply(planWith({ 'microservice-b': 1 }, 3)), []);
      await eventually(async () => {
        statuses.length = 0;
        await answered(50);
        assert.deepEqual([...new Set(statuses)], [200]);
      });
    });
  } finally {
    loaded = false;
    await load;
  }
  assert.deepEqual(pids(), before);
});

test('a certificate that only another place has is refused before anything is written', () => {
  const document: BlueprintDocument = structuredClone(blueprint);
  document.mesh.mutualTls = false;
  const node = document.mesh.nodes['microservice-b'];
  assert.ok(node?.listener);
  requireCertificates(planOf(document));
  node.listener.tls = { mode: 'STRICT', certificate: { sds: { secretName: 'catalog' } } };
  assert.throws(() => requireCertificates(planOf(document)), {
    code: 'mesh-certificate-elsewhere',
    message: /microservice-b needs secrets\.catalog/,
  });
});
