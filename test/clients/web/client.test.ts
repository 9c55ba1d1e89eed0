import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import type { Call, Renewal } from '../../../clients/web/src/api/call.ts';
import { type ClientSurroundings, createClient } from '../../../clients/web/src/api/client.ts';
import { CallFailure } from '../../../clients/web/src/api/failure.ts';
import { retryLimits } from '../../../clients/web/src/api/retry-policy.ts';

/** One answer of the platform: a status, or what is to be done with the request. */
type Answer = number | ((request: IncomingMessage, response: ServerResponse) => void);

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly at: number;
}

/** A platform that gives its answers in turn, the last again and again. */
async function startPlatform(t: TestContext, ...answers: readonly Answer[]) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    const answer = answers[Math.min(seen.length, answers.length - 1)] ?? 200;
    const place = seen.length;
    seen.push({ method, url, headers, body: '', at: performance.now() });
    const body = await text(request);
    seen[place] = { ...(seen[place] as Seen), body };
    if (typeof answer === 'function') answer(request, response);
    else response.writeHead(answer, { 'content-type': 'application/json' }).end('{"n":1}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A client of that platform; waits as drawn with `random`. */
function clientOf(baseURL: string, more: Partial<ClientSurroundings> = {}) {
  const ended: true[] = [];
  const renewals: number[] = [];
  const send = createClient({
    baseURL,
    isOnline: () => true,
    onEnded: () => ended.push(true),
    random: () => 0,
    ...more,
    renew: (since) => {
      renewals.push(since);
      return more.renew?.(since) ?? Promise.resolve('renewed');
    },
  });
  return { send, ended, renewals };
}

const read: Call = { method: 'GET', path: '/api/v1/data' };
const write: Call = { method: 'POST', path: '/api/v1/secure', body: { name: 'Delft' } };
const keyed: Call = { ...write, idempotencyKey: 'k' };
const destroy = (request: IncomingMessage) => request.socket.destroy();
const never = () => undefined;

async function failureOf(call: Promise<unknown>): Promise<CallFailure> {
  try {
    await call;
  } catch (error) {
    if (error instanceof CallFailure) return error;
    throw error;
  }
  throw new Error('the call did not fail');
}

describe('a call', () => {
  test('is sent as JSON, with its key and the version it is conditional on, and its answer is read', async (t) => {
    const { url, seen } = await startPlatform(t, 200);
    const { send } = clientOf(url);
    const answer = await send<{ n: number }>({
      ...keyed,
      method: 'PUT',
      ifMatch: 3,
      query: { name: 'a b&c', limit: 20 },
    });
    assert.deepEqual(answer.body, { n: 1 });
    const [{ method, url: target, headers, body } = assert.fail()] = seen;
    assert.deepEqual(
      [method, target, body],
      ['PUT', '/api/v1/secure?name=a+b%26c&limit=20', '{"name":"Delft"}'],
    );
    assert.deepEqual(
      [headers['content-type'], headers['idempotency-key'], headers['if-match']],
      ['application/json', 'k', '"3"'],
    );
    assert.match(headers.accept ?? '', /application\/problem\+json/);
  });

  test('that is refused says why: a problem’s code, its words, the faulty parts, the time to wait', async (t) => {
    const problem = {
      type: 'urn:strata:problem:body-invalid',
      detail: 'The name is too long.',
      errors: [{ pointer: '#/name', detail: 'is too long' }],
    };
    const { url } = await startPlatform(t, (_, response) =>
      response
        .writeHead(400, { 'content-type': 'application/problem+json', 'retry-after': '2' })
        .end(JSON.stringify(problem)),
    );
    const failure = await failureOf(clientOf(url).send(read));
    assert.deepEqual(
      [failure.kind, failure.status, failure.code, failure.message, failure.parts, failure.retryAfter],
      ['answer', 400, 'body-invalid', problem.detail, problem.errors, 2_000],
    );
  });

  test('ends after 5 s at the latest, whatever it does until then', async (t) => {
    assert.equal(retryLimits.budget, 5_000);
    const limits = { ...retryLimits, budget: 600 };
    for (const [answer, kind] of [
      [never, 'timeout'],
      [destroy, 'unreachable'],
      [503, 'answer'],
    ] as const) {
      const { url, seen } = await startPlatform(t, answer);
      const failure = await failureOf(clientOf(url, { limits, random: () => 0.999 }).send(read));
      assert.equal(failure.kind, kind);
      // Waits of 200 and 400 ms: for a third try there is no time.
      assert.equal(seen.length, answer === never ? 1 : 2);
    }
  });

  test('shares its time between its tries, and with a renewal: what they leave is all that the last one has', async (t) => {
    const limits = { ...retryLimits, budget: 1_200 };
    // Each answer is in time for a try that had all of it.
    const after = (status: number, delay: number) => (_: IncomingMessage, response: ServerResponse) =>
      void setTimeout(() => response.writeHead(status).end(), delay);
    for (const first of [503, 401]) {
      const { url } = await startPlatform(t, after(first, 700), after(200, 900));
      await failureOf(clientOf(url, { limits }).send(read));
    }
  });

  test('whose body does not come to its end in time is late as well', async (t) => {
    const { url } = await startPlatform(t, (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"n":');
    });
    const failure = await failureOf(clientOf(url, { limits: { ...retryLimits, budget: 400 } }).send(read));
    assert.equal(failure.kind, 'timeout');
  });

  test('that is cancelled rejects with its reason, also where it is not repeated', async (t) => {
    const cancelled = new AbortController();
    const { url } = await startPlatform(t, () => cancelled.abort(new Error('not wanted any more')));
    const call = clientOf(url).send({ ...write, signal: cancelled.signal });
    await assert.rejects(call, { message: 'not wanted any more' });
  });

  test('can be cancelled while it is under way, and while it waits to be repeated', async (t) => {
    for (const answer of [never, 503] as const) {
      const { url, seen } = await startPlatform(t, answer);
      const controller = new AbortController();
      const reason = new Error('the page was left');
      const call = clientOf(url, { random: () => 0.999 }).send({ ...read, signal: controller.signal });
      setTimeout(() => controller.abort(reason), 60);
      await assert.rejects(call, (error) => error === reason);
      assert.equal(seen.length, 1);
    }
  });
});

describe('a call is repeated', () => {
  test('when it is safe or carries a key, after a network error or a 5xx, with the very same request', async (t) => {
    for (const call of [read, keyed]) {
      for (const trouble of [destroy, 500, 502, 503, 504] as const) {
        const { url, seen } = await startPlatform(t, trouble, 200);
        await clientOf(url).send(call);
        assert.equal(seen.length, 2);
        const [first, second] = seen;
        assert.deepEqual([first?.body, first?.headers], [second?.body, second?.headers]);
      }
    }
  });

  test('never when it changes something and has no key, and never after an answer below 500', async (t) => {
    for (const [call, trouble] of [
      [write, destroy],
      [write, 503],
      [read, 400],
      [read, 404],
      [keyed, 409],
      [keyed, 412],
      [read, 429],
    ] as const) {
      const { url, seen } = await startPlatform(t, trouble, 200);
      await failureOf(clientOf(url).send(call));
      assert.equal(seen.length, 1, `${call.method} ${trouble}`);
    }
  });

  test('three times at most', async (t) => {
    const { url, seen } = await startPlatform(t, 503);
    const { status } = await failureOf(clientOf(url).send(read));
    assert.deepEqual([status, seen.length], [503, 4]);
  });

  test('not before Retry-After has passed, and not at all where that is too late', async (t) => {
    const after = (seconds: string) => (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(503, { 'retry-after': seconds }).end();
    };
    const { url, seen } = await startPlatform(t, after('1'), 200);
    await clientOf(url).send(read);
    assert.ok((seen[1]?.at ?? 0) - (seen[0]?.at ?? 0) >= 990);
    const late = await startPlatform(t, after('6'), 200);
    const { retryAfter } = await failureOf(clientOf(late.url).send(read));
    assert.deepEqual([late.seen.length, retryAfter], [1, 6_000]);
  });

  test('not while the device has no network', async (t) => {
    const { url, seen } = await startPlatform(t, destroy);
    const { kind } = await failureOf(clientOf(url, { isOnline: () => false }).send(read));
    assert.deepEqual([kind, seen.length], ['offline', 1]);
  });
});

describe('a 401', () => {
  test('renews the session once, and the call is sent again', async (t) => {
    const { url, seen } = await startPlatform(t, 401, 200);
    const { send, renewals, ended } = clientOf(url);
    const before = Date.now();
    await send(keyed);
    assert.deepEqual([seen.length, renewals.length, ended.length], [2, 1, 0]);
    assert.ok((renewals[0] ?? 0) >= before, 'a renewal from before the call would not do');
  });

  test('to the second as well ends it: nobody is signed in', async (t) => {
    const { url, seen } = await startPlatform(t, 401);
    const { send, renewals, ended } = clientOf(url);
    const { kind, status } = await failureOf(send(read));
    assert.deepEqual(
      [kind, status, seen.length, renewals.length, ended.length],
      ['signed-out', 401, 2, 1, 1],
    );
  });

  test('of a session that has ended is not sent again', async (t) => {
    const { url, seen } = await startPlatform(t, 401);
    const { send, ended } = clientOf(url, { renew: () => Promise.resolve('ended') });
    const { kind } = await failureOf(send(read));
    assert.deepEqual([kind, seen.length, ended.length], ['signed-out', 1, 1]);
  });

  test('whose renewal fails or takes too long signs nobody out', async (t) => {
    const limits = { ...retryLimits, budget: 400 };
    for (const renew of [
      () => Promise.reject(new Error('no answer')),
      () => new Promise<Renewal>(() => undefined),
    ]) {
      const { url } = await startPlatform(t, 401);
      const { send, ended } = clientOf(url, { renew, limits });
      const { kind } = await failureOf(send(read));
      assert.deepEqual([kind, ended.length], ['unreachable', 0]);
    }
  });
});
