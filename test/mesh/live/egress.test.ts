import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHttpApplication } from './applications/http.ts';
import { called, meshOf } from './definition.ts';
import { startNameServer } from './name-server.ts';
import { startCaller } from './proxies.ts';

test('a host that is no backend', async (t) => {
  const outside = await startHttpApplication(t, 'outside');
  const inside = await startHttpApplication(t, 'inside');
  const names = await startNameServer(t);
  names.set('outside.test', outside.address.host);
  const host = `outside.test:${outside.address.port}`;
  const meshWith = (spec: Parameters<typeof meshOf>[0]['spec']) =>
    meshOf({
      ...(spec ? { spec } : {}),
      nodes: { inside: called('http') },
      services: { 'inside.local': 'inside' },
    });
  const endpoints = { inside: [inside.address] };
  const starting = (type: 'ALLOW_ALL' | 'DROP_ALL' | undefined, open: boolean) =>
    startCaller(t, meshWith(type && { egressFilter: { type } }), {
      endpoints,
      open,
      nameServer: names.address,
    });

  await t.test('is reached where the egress filter is ALLOW_ALL and the environment is open', async () => {
    const proxy = await starting('ALLOW_ALL', true);
    const answer = await proxy.call(host, { path: '/a?b=c' });
    assert.deepEqual([answer.status, answer.body], [200, 'outside']);
    assert.deepEqual([outside.requests[0]?.path, outside.requests[0]?.host], ['/a?b=c', host]);
    assert.equal((await proxy.call('inside.local')).body, 'inside');
    assert.equal((await proxy.call('no-such-host.invalid')).status, 503);
  });

  await t.test(
    'is refused where it is DROP_ALL, where nothing is said, and where the environment is closed',
    async () => {
      outside.reply({});
      for (const proxy of [
        await starting('DROP_ALL', true),
        await starting(undefined, true),
        await starting('ALLOW_ALL', false),
      ]) {
        const { status, body } = await proxy.call(host);
        assert.equal(status, 502);
        assert.match(body, /inside\.local/, 'the answer says what is a backend');
        assert.equal((await proxy.call('inside.local')).body, 'inside');
      }
      assert.equal(outside.requests.length, 0);
    },
  );
});
