import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAuthority } from '../../../src/security/certificates/authority.ts';
import { eventually } from '../../eventually.ts';
import { startHttpApplication } from './applications/http.ts';
import { ask } from './clients/http.ts';
import { clientOf, fileCredentials, issue } from './credentials.ts';
import { called, type GatewaySpec, meshOf } from './definition.ts';
import { startProxy } from './proxies.ts';

type Listener = GatewaySpec['spec']['listeners'][number];

/** Everything a gateway gets on its HTTP listeners goes to one service. */
const gatewayOf = (listeners: Listener[], more: Partial<GatewaySpec['spec']> = {}): GatewaySpec => ({
  spec: { listeners, ...more },
  gatewayRoutes: {
    all: {
      httpRoute: {
        match: { prefix: '/' },
        action: { target: { virtualService: { virtualServiceName: 'app.local' } } },
      },
    },
  },
});

const anyServer = { rejectUnauthorized: false };

test('with TLS a gateway', async (t) => {
  const authority = await createAuthority({ name: 'authority', ttl: 3_600_000 });
  const { certificate, trust, around } = await fileCredentials(t, authority, ['gateway', 'app']);
  const tls = { mode: 'STRICT', certificate: certificate('gateway') } as const;
  const http = (port: number, validation?: NonNullable<Listener['tls']>['validation']): Listener => ({
    portMapping: { port, protocol: 'http' },
    tls: { ...tls, ...(validation ? { validation } : {}) },
  });
  const names = (exact: string) => ({ match: { exact: [exact] } });
  const mutual = {
    mode: 'STRICT' as const,
    certificate: certificate('app'),
    validation: { trust, subjectAlternativeNames: names('gateway.local') },
  };
  const clientPolicy = {
    tls: {
      certificate: certificate('gateway'),
      validation: { trust, subjectAlternativeNames: names('app.local') },
    },
  };
  const listeners = [http(8443), http(9443, { trust, subjectAlternativeNames: names('client.local') })];
  const mesh = meshOf({
    nodes: { app: called('http', { tls: mutual }) },
    services: { 'app.local': 'app' },
    gateways: {
      proven: gatewayOf(listeners, { backendDefaults: { clientPolicy } }),
      unproven: gatewayOf(listeners),
    },
  });
  const app = await startHttpApplication(t, 'app');
  const applications = { 8080: app.address };
  const sidecar = await startProxy(t, mesh, { kind: 'node', name: 'app' }, { ...around, applications });
  const endpoints = { app: [sidecar.listeners] };
  const starting = (name: string) => startProxy(t, mesh, { kind: 'gateway', name }, { ...around, endpoints });
  const [proven, unproven] = [await starting('proven'), await starting('unproven')];

  await t.test('takes TLS alone in the mode STRICT', async () => {
    assert.equal((await ask(proven.at(8443), { tls: anyServer })).body, 'app');
    await assert.rejects(ask(proven.at(8443)));
  });

  await t.test('lets in only clients of the names it lists', async () => {
    const as = async (party: string) => ({ tls: clientOf(await issue(authority, party)) });
    assert.equal((await ask(proven.at(9443), await as('client'))).body, 'app');
    await assert.rejects(ask(proven.at(9443), await as('other')));
    await assert.rejects(ask(proven.at(9443), { tls: anyServer }));
  });

  await t.test('proves itself to its backends by the client policy of its defaults', async () => {
    assert.equal((await ask(unproven.at(8443), { tls: anyServer })).status, 503);
  });
});

test("a gateway's connection pool", async (t) => {
  const listener = (port: number, connectionPool?: Listener['connectionPool']): Listener => ({
    portMapping: { port, protocol: connectionPool?.http2 ? 'http2' : 'http' },
    ...(connectionPool ? { connectionPool } : {}),
  });
  const all = gatewayOf([
    listener(8080, { http: { maxConnections: 2, maxPendingRequests: 1 } }),
    listener(8081, { http2: { maxRequests: 2 } }),
    listener(8082),
  ]);
  const { httpRoute } = all.gatewayRoutes.all ?? {};
  assert.ok(httpRoute);
  const mesh = meshOf({
    nodes: { app: called('http') },
    services: { 'app.local': 'app' },
    gateways: {
      gateway: { ...all, gatewayRoutes: { http: { httpRoute }, http2: { http2Route: httpRoute } } },
    },
  });
  const app = await startHttpApplication(t, 'app');
  const proxy = await startProxy(
    t,
    mesh,
    { kind: 'gateway', name: 'gateway' },
    { endpoints: { app: [app.address] } },
  );
  const waiting = () => proxy.statistic('cluster\\..*\\.upstream_rq_pending_active');

  for (const { port, protocol, reached, refused, limit } of [
    {
      port: 8080,
      protocol: 'http',
      reached: 2,
      refused: 2,
      limit: 'connections and waiting requests of http',
    },
    { port: 8081, protocol: 'http2', reached: 2, refused: 3, limit: 'requests of http2' },
    { port: 8082, protocol: 'http', reached: 5, refused: 0, limit: 'nothing where there is none' },
  ] as const) {
    await t.test(`bounds ${limit}; the rest is answered 503`, async () => {
      const gate = Promise.withResolvers<void>();
      app.reply({ when: gate.promise });
      let turnedAway = 0;
      const answers: Promise<number>[] = [];
      for (let count = 1; count <= 5; count += 1) {
        const answer = ask(proxy.at(port), { protocol }).then(({ status }) => {
          if (status === 503) turnedAway += 1;
          return status;
        });
        answers.push(answer);
        await eventually(() => assert.ok(app.requests.length >= Math.min(count, reached)));
      }
      await eventually(async () => assert.ok(app.requests.length + turnedAway + (await waiting()) >= 5));
      assert.equal(app.requests.length, reached);
      gate.resolve();
      const statuses = await Promise.all(answers);
      assert.equal(statuses.filter((status) => status === 503).length, refused);
    });
  }
});
