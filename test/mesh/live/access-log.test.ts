import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../engines.ts';
import { startHttpApplication } from './applications/http.ts';
import { ask } from './clients/http.ts';
import { called, meshOf, type NodeSpec } from './definition.ts';
import { startProxy } from './proxies.ts';

type Format = NonNullable<NonNullable<NodeSpec['logging']>['accessLog']>['file'] extends infer File
  ? File extends { format?: infer Found }
    ? Found
    : never
  : never;

test('a node writes a line for each request', async (t) => {
  const folder = await temporaryFolder(t);
  const app = await startHttpApplication(t, 'app');
  const logging = async (name: string, format?: Format) => {
    const path = join(folder, name);
    const accessLog = { file: { path, ...(format ? { format } : {}) } };
    const mesh = meshOf({ nodes: { app: { ...called('http'), logging: { accessLog } } }, services: {} });
    const proxy = await startProxy(
      t,
      mesh,
      { kind: 'node', name: 'app' },
      { applications: { 8080: app.address } },
    );
    app.reply({ status: 200 }, { status: 404 });
    const to = proxy.at(8080);
    await ask(to, { path: '/first', headers: { 'x-tenant': 'a' } });
    await ask(to, { path: '/second', method: 'POST' });
    // Envoy gathers lines for up to ten seconds, and writes them when it ends.
    await proxy.stop();
    return (await readFile(path, 'utf8')).split('\n').filter(Boolean);
  };

  await t.test('in the text that its format is', async () => {
    const text = '%REQ(:METHOD)% %REQ(:PATH)% %RESPONSE_CODE% %REQ(X-TENANT)%\n';
    assert.deepEqual(await logging('text.log', { text }), ['GET /first 200 a', 'POST /second 404 -']);
  });

  await t.test('in JSON, with the keys that its format has', async () => {
    const json = [
      { key: 'method', value: '%REQ(:METHOD)%' },
      { key: 'path', value: '%REQ(:PATH)%' },
      { key: 'status', value: '%RESPONSE_CODE%' },
      { key: 'node', value: 'app' },
    ];
    const lines = await logging('json.log', { json });
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      [
        { method: 'GET', path: '/first', status: 200, node: 'app' },
        { method: 'POST', path: '/second', status: 404, node: 'app' },
      ],
    );
  });

  await t.test("in Envoy's own words when there is no format", async () => {
    const [first, second] = await logging('default.log');
    assert.match(first ?? '', /GET \/first.* 200 /);
    assert.match(second ?? '', /POST \/second.* 404 /);
  });
});
