import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHttpApplication } from './applications/http.ts';
import { ask } from './clients/http.ts';
import { called, meshOf } from './definition.ts';
import { startCaller, startProxy } from './proxies.ts';

test('a service of http2 is spoken to in HTTP/2 all the way, one of http in HTTP/1.1', async (t) => {
  const mesh = meshOf({
    nodes: { modern: called('http2'), classic: called('http') },
    services: { 'modern.local': 'modern', 'classic.local': 'classic' },
  });
  const app = await startHttpApplication(t, 'app');
  const sidecar = (name: string) =>
    startProxy(t, mesh, { kind: 'node', name }, { applications: { 8080: app.address } });
  const [modern, classic] = [await sidecar('modern'), await sidecar('classic')];
  const proxy = await startCaller(t, mesh, {
    endpoints: { modern: [modern.listeners], classic: [classic.listeners] },
  });
  const question = { method: 'POST', path: '/a?b=c', body: '{"some":"body"}' };
  for (const protocol of ['http', 'http2'] as const) {
    await t.test(`from a client of ${protocol}`, async () => {
      for (const [service, version] of Object.entries({ 'modern.local': '2.0', 'classic.local': '1.1' })) {
        app.reply({ status: 201, headers: { 'x-answer': 'yes' }, body: 'x'.repeat(100_000) });
        const answer = await ask(proxy.egress, { ...question, protocol, host: service });
        assert.deepEqual(
          [answer.status, answer.headers['x-answer'], answer.body.length],
          [201, 'yes', 100_000],
        );
        const [request] = app.requests;
        assert.deepEqual(
          [request?.httpVersion, request?.method, request?.path, request?.host],
          [version, 'POST', '/a?b=c', service],
        );
      }
    });
  }
});
