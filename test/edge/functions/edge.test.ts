import assert from 'node:assert/strict';
import { Agent, type IncomingMessage, request as send } from 'node:http';
import { resolve } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import blueprint from '../../../blueprint.ts';
import { plan } from '../../../src/model/plan.ts';
import { edgeFunctions } from '../../../src/targets/local/edge-functions.ts';
import {
  configurationOf,
  exchange,
  makeOriginFolder,
  passing,
  startEdge,
  startGateway,
} from '../edge-fixture.ts';
import { program } from './runtime-fixture.ts';

const root = resolve(import.meta.dirname, '../../..');
const everyEvent = ['viewer-request', 'origin-request', 'origin-response', 'viewer-response'] as const;

/** An edge whose behaviours run functions, in front of a gateway that says what it got. */
async function withFunctions(scope: TestContext) {
  const received: IncomingMessage[] = [];
  const gateway = await startGateway(scope, (request, response) => {
    received.push(request);
    const { status = '200' } = Object.fromEntries(new URL(request.url ?? '/', 'http://gateway').searchParams);
    response.writeHead(Number(status), { 'Cache-Control': 'max-age=60', 'Content-Type': 'text/plain' });
    response.end('from the gateway');
  });
  const marking = Object.fromEntries(everyEvent.map((event) => [event, 'marking']));
  const functions = {
    marking: { source: './test' },
    scripted: { source: './test' },
  };
  const configuration = configurationOf(await makeOriginFolder(scope), gateway, {
    functions,
    behaviors: [
      {
        path: '/cached/*',
        ...passing,
        cachePolicy: 'documents',
        methods: ['GET', 'HEAD'],
        originRequestPolicy: 'asked',
        functions: marking,
      },
      { path: '/marked/*', ...passing, functions: marking },
      { path: '/loop', ...passing, functions: { 'viewer-request': 'scripted' } },
      { path: '/*', ...passing },
    ],
    originRequestPolicies: { asked: { query: 'all', headers: ['x-ask', 'x-viewer-request'] } },
  });
  const edge = await startEdge(scope, {
    ...configuration,
    functions: [program('marking', { events: everyEvent }), program('scripted', { timeout: 1000 })],
  });
  return { edge, received, configuration };
}

describe('an edge with functions', () => {
  test('runs them on the way there and back', async (scope) => {
    const { edge, received } = await withFunctions(scope);
    const { status, headers, body } = await exchange(edge, '/marked/a');
    assert.deepEqual([status, body], [200, 'from the gateway']);
    const [request] = received;
    assert.deepEqual(
      [request?.headers['x-viewer-request'], request?.headers['x-origin-request']],
      ['seen', 'seen'],
    );
    assert.deepEqual([headers['x-origin-response'], headers['x-viewer-response']], ['seen', 'seen']);
  });

  test('runs those behind the cache once, and those before it each time', async (scope) => {
    const { edge, received } = await withFunctions(scope);
    await exchange(edge, '/cached/a');
    const { headers } = await exchange(edge, '/cached/a');
    assert.equal(headers['x-cache'], 'hit');
    assert.deepEqual([headers['x-origin-response'], headers['x-viewer-response']], ['seen', 'seen']);
    assert.equal(received.length, 1);
  });

  test('gives their answers in the place of others', async (scope) => {
    const { edge, received } = await withFunctions(scope);
    for (const event of ['viewer-request', 'origin-request']) {
      const { status, headers, body } = await exchange(edge, '/marked/a', {
        headers: { 'x-ask': `${event} answer` },
      });
      assert.deepEqual([status, body, headers['content-length']], [418, 'made by a function', '18'], event);
    }
    assert.equal(received.length, 0);
    const { status, body } = await exchange(edge, '/marked/a', {
      headers: { 'x-ask': 'origin-response body' },
    });
    assert.deepEqual([status, body], [203, 'another body']);
  });

  test('answers 503 when one throws, and 502 when its result is not valid, at each event', async (scope) => {
    const { edge } = await withFunctions(scope);
    for (const event of everyEvent) {
      const thrown = await exchange(edge, '/marked/a', { headers: { 'x-ask': `${event} throw` } });
      assert.deepEqual([thrown.status, thrown.headers['cache-control']], [503, 'no-store'], event);
      const invalid = await exchange(edge, '/marked/a', { headers: { 'x-ask': `${event} via` } });
      assert.equal(invalid.status, 502, event);
      assert.doesNotMatch(thrown.body + invalid.body, /asked for|via/);
    }
  });

  test('does not run those after the cache on an error, nor on what one has made before it', async (scope) => {
    const { edge } = await withFunctions(scope);
    const failed = await exchange(edge, '/marked/a?status=404');
    assert.deepEqual(
      [failed.headers['x-origin-response'], failed.headers['x-viewer-response']],
      ['seen', undefined],
    );
    const made = await exchange(edge, '/marked/a', { headers: { 'x-ask': 'viewer-request answer' } });
    assert.equal(made.headers['x-viewer-response'], undefined);
  });

  test('goes on answering others while one is stuck', async (scope) => {
    const { edge } = await withFunctions(scope);
    await exchange(edge, '/marked/warm');
    let over = false;
    const stuck = exchange(edge, '/loop').finally(() => {
      over = true;
    });
    const others = await Promise.all(
      Array.from({ length: 50 }, (_, index) => exchange(edge, index % 2 ? '/marked/a' : '/plain')),
    );
    assert.equal(over, false);
    assert.deepEqual(new Set(others.map(({ status }) => status)), new Set([200]));
    assert.equal((await stuck).status, 503);
  });

  test('runs changed functions from the next request on', async (scope) => {
    const { edge, configuration } = await withFunctions(scope);
    assert.equal((await exchange(edge, '/marked/a')).body, 'from the gateway');
    edge.update({
      ...configuration,
      functions: [program('telling', { name: 'marking', events: everyEvent })],
    });
    const told = JSON.parse((await exchange(edge, '/marked/a')).body);
    assert.deepEqual([told.event, told.name, told.memory], ['viewer-request', 'marking', 128]);
  });
});

describe('a function that sees bodies', () => {
  /** An edge that runs one at an event, in front of a gateway that gives back what it got. */
  async function reading(scope: TestContext, event: 'viewer-request' | 'origin-request', includeBody = true) {
    const gateway = await startGateway(scope, (request, response) => {
      response.writeHead(200, { 'X-Seen': String(request.headers['x-seen']) });
      request.pipe(response);
    });
    const configuration = configurationOf(await makeOriginFolder(scope), gateway, {
      functions: { reading: { source: './test', includeBody } },
      behaviors: [{ path: '/*', ...passing, functions: { [event]: 'reading' } }],
    });
    return startEdge(scope, {
      ...configuration,
      functions: [program('reading', { events: [event], includeBody })],
    });
  }

  for (const [event, limit] of [
    ['viewer-request', 40 * 1024],
    ['origin-request', 1024 * 1024],
  ] as const) {
    test(`at ${event} sees ${limit} bytes of it, and all of it goes on`, async (scope) => {
      const edge = await reading(scope, event);
      for (const [size, seen] of [
        [10, '10 false'],
        [limit, `${limit} false`],
        [limit * 3, `${limit} true`],
      ] as const) {
        const sent = 'x'.repeat(size);
        const { headers, body } = await exchange(edge, '/a', { method: 'POST', body: sent });
        assert.deepEqual([headers['x-seen'], body === sent], [seen, true]);
      }
    });

    test(`at ${event} may put another in its place`, async (scope) => {
      const edge = await reading(scope, event);
      for (const size of [10, limit * 3]) {
        const asked = { method: 'POST', body: 'x'.repeat(size), headers: { 'x-ask': 'replace' } };
        assert.equal((await exchange(edge, '/a', asked)).body, 'another body');
      }
    });
  }

  test('may answer before all of it has come, and the connection goes on', async (scope) => {
    const edge = await reading(scope, 'viewer-request');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    scope.after(() => agent.destroy());
    const ask = (size: number) =>
      new Promise<string>((resolve, reject) => {
        const { host, port } = edge.address;
        const headers = { 'x-ask': 'answer', 'content-length': size };
        send({ host, port, path: '/a', method: 'POST', headers, agent, timeout: 10_000 }, (response) => {
          response.setEncoding('utf8').on('data', (text: string) => resolve(text));
        })
          .on('timeout', () => reject(new Error('the connection stands still')))
          .on('error', reject)
          .end(Buffer.alloc(size));
      });
    assert.equal(await ask(16 * 1024 * 1024), '40960 true');
    assert.equal(await ask(10), '10 false');
  });

  test('sees none where there is none, nor where it is not to', async (scope) => {
    const edge = await reading(scope, 'viewer-request');
    assert.equal((await exchange(edge, '/a')).headers['x-seen'], 'nothing');
    const blind = await reading(scope, 'viewer-request', false);
    const { headers, body } = await exchange(blind, '/a', { method: 'POST', body: 'sent' });
    assert.deepEqual([headers['x-seen'], body], ['nothing', 'sent']);
  });
});

describe('the blueprint’s edge', () => {
  /** The edge as it runs on a laptop, with a gateway of the test's. */
  async function blueprintEdge(scope: TestContext) {
    const received: IncomingMessage[] = [];
    const gateway = await startGateway(scope, (request, response) => {
      received.push(request);
      response.end('from the gateway');
    });
    const result = plan(blueprint);
    assert.ok(result.plan);
    const edge = await startEdge(scope, {
      port: 0,
      folders: { pages: await makeOriginFolder(scope) },
      gateway: { host: gateway.host, port: gateway.port },
      plan: result.plan,
      functions: edgeFunctions(root, result.plan),
    });
    return { edge, received, last: () => received.at(-1) };
  }

  test('turns a session into a token for the secure API, and takes its cookies off', async (scope) => {
    const { edge, last } = await blueprintEdge(scope);
    const headers = { Cookie: 'theme=dark; __Host-session=abc.def', 'X-Strata-Role': 'admin' };
    assert.equal((await exchange(edge, '/api/v1/secure/1?b=2&a=1', { headers })).status, 200);
    assert.equal(last()?.url, '/api/v1/secure/1?a=1&b=2');
    const sent = last()?.headers;
    assert.deepEqual(
      [sent?.authorization, sent?.cookie, sent?.['x-strata-role'], sent?.['x-device-class']],
      ['Bearer abc.def', 'theme=dark', undefined, 'desktop'],
    );
    await exchange(edge, '/api/v1/data', { headers });
    assert.deepEqual([last()?.headers.authorization, last()?.headers.cookie], [undefined, undefined]);
  });

  test('refuses a change that another site sends with a session', async (scope) => {
    const { edge, received } = await blueprintEdge(scope);
    const ask = (headers: Record<string, string>) =>
      exchange(edge, '/api/v1/secure', {
        method: 'POST',
        body: '{}',
        headers: { Cookie: '__Host-session=abc', ...headers },
      });
    assert.equal((await ask({ 'Sec-Fetch-Site': 'cross-site' })).status, 403);
    assert.equal((await ask({})).status, 403);
    assert.equal(received.length, 0);
    assert.equal((await ask({ 'Sec-Fetch-Site': 'same-origin' })).status, 200);
    assert.equal((await ask({ Origin: `http://127.0.0.1:${edge.address.port}` })).status, 200);
  });

  test('has one key for one question', async (scope) => {
    const { edge } = await blueprintEdge(scope);
    const first = await exchange(edge, '/letters.txt?utm=1', {
      headers: { 'Accept-Encoding': 'gzip, deflate' },
    });
    assert.equal(first.body, 'abcdefghij');
    const second = await exchange(edge, '/letters%2Etxt?v=2', {
      headers: { 'Accept-Encoding': 'gzip;q=0.5' },
    });
    assert.equal(second.headers['x-cache'], 'hit');
  });

  test('serves the index of a folder, and refuses what has no form', async (scope) => {
    const { edge } = await blueprintEdge(scope);
    assert.match((await exchange(edge, '/')).body, /<title>page/);
    assert.equal((await exchange(edge, '/guide/')).body, 'guide');
    for (const target of ['/a/%2e%2e/b', '/%ff', '//evil.example/']) {
      assert.equal((await exchange(edge, target)).status, 400, target);
    }
  });
});
