import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  configurationOf,
  dataRoute,
  plainRoute,
  startGateway,
  type UnderTest,
} from './gateway-under-test.ts';

const slow = { ...dataRoute, throttle: { rate: 10, burst: 4 } };
const other = { ...plainRoute, throttle: { rate: 100, burst: 100 } };

/** How many of a number of requests pass. */
async function passing({ call }: UnderTest, count: number, path: string, method = 'GET'): Promise<number> {
  let passed = 0;
  for (let request = 0; request < count; request++) {
    const { status } = await call(path, { method });
    if (status === 200) passed++;
  }
  return passed;
}

describe('the throttle', () => {
  test('passes the burst, then the rate, and answers the rest 429 as the vendor does', async (t) => {
    const under = await startGateway(t, { routes: [slow] });
    assert.equal(await passing(under, 10, '/api/v1/data'), 4);
    under.clock.advance(300);
    assert.equal(await passing(under, 10, '/api/v1/data/x'), 3);
    const { status, body, headers } = await under.call('/api/v1/data');
    assert.deepEqual(
      [status, body, headers['x-amzn-errortype']],
      [429, '{"message":"Too Many Requests"}', 'TooManyRequestsException'],
    );
  });

  test('counts each method of a route on its own', async (t) => {
    const two = { ...plainRoute, throttle: { rate: 1, burst: 2 } };
    const under = await startGateway(t, { routes: [two] });
    assert.equal(await passing(under, 3, '/plain'), 2);
    assert.equal(await passing(under, 3, '/plain', 'POST'), 2);
  });

  test('holds all routes together under the account’s, from which a refused request takes nothing', async (t) => {
    const under = await startGateway(t, {
      routes: [slow, other],
      gateway: { account: { rate: 1, burst: 10 } },
    });
    assert.equal(await passing(under, 20, '/api/v1/data'), 4);
    assert.equal(await passing(under, 20, '/plain'), 6);
  });

  test('keeps its fill when it is configured anew', async (t) => {
    const under = await startGateway(t, { routes: [slow] });
    assert.equal(await passing(under, 3, '/api/v1/data'), 3);
    const wider = { ...slow, throttle: { rate: 10, burst: 50 } };
    under.gateway.update(configurationOf(under.service.port, [wider]));
    assert.equal(await passing(under, 10, '/api/v1/data'), 1);
    under.clock.advance(1000);
    assert.equal(await passing(under, 20, '/api/v1/data'), 10);
  });
});
