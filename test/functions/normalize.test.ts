import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { Script } from 'node:vm';
import fc from 'fast-check';
import type { FieldValue, ViewerRequest, ViewerResponse } from '../../functions/normalize/event.ts';
import type { NormalizeConfiguration } from '../../functions/normalize/normalize.ts';
import { canonicalPath as canonicalAtEdge } from '../../functions/normalize/path.ts';
import { canonicalPath as canonicalAtGateway } from '../../src/gateway/path.ts';
import { bundleEdgeFunction } from '../../src/targets/aws/edge/bundle.ts';

const root = resolve(import.meta.dirname, '../..');

interface Sent {
  readonly method?: string;
  readonly uri: string;
  readonly querystring?: Record<string, FieldValue>;
  readonly headers?: Record<string, FieldValue>;
}

/** The function as it is deployed: built, and run as the script it is, in a realm with nothing but the language. */
function deployed(configuration: NormalizeConfiguration): (request: Sent) => ViewerRequest & ViewerResponse {
  const script = new Script(`${bundleEdgeFunction(root, 'normalize', configuration)}\nhandler(event);`);
  return ({ method = 'GET', uri, querystring = {}, headers = { host: { value: 'app.example' } } }) => {
    const event = { request: { method, uri, querystring, headers, cookies: {} } };
    const result: unknown = script.runInNewContext({ event: structuredClone(event) });
    return JSON.parse(JSON.stringify(result)) as ViewerRequest & ViewerResponse;
  };
}

const pages = deployed({ pages: true });
const api = deployed({ pages: false });

describe('the function that normalizes requests at the edge', () => {
  test('gives one resource one path', () => {
    assert.equal(api({ uri: '/api/v1/data/%61%2Dc' }).uri, '/api/v1/data/a-c');
    assert.equal(api({ uri: '/caf%c3%a9' }).uri, '/caf%C3%A9');
  });

  test('calls a path what the gateway calls it, whatever it is', () => {
    const segment = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom('..', '.', '%2e%2E', '%2f', '%5C', '%00', '%c3%a9', '%zz', 'a+b', ''),
    );
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 5 }), (segments) => {
        const path = `/${segments.join('/')}`;
        assert.equal(canonicalAtEdge(path), canonicalAtGateway(path), path);
      }),
    );
  });

  test('refuses a path that leads elsewhere or has no form', () => {
    for (const uri of ['/a/../b', '/a/%2e%2e/b', '/a%2fb', '/a%00', '/a%', '/%ff', '/a b']) {
      const { statusCode, headers } = api({ uri });
      assert.equal(statusCode, 400, uri);
      assert.deepEqual(headers['cache-control'], { value: 'no-store' });
    }
  });

  test('sorts the query by name and keeps the order of values of one name', () => {
    const { querystring } = api({
      uri: '/',
      querystring: {
        name: { value: 'z' },
        limit: { value: '2', multiValue: [{ value: '2' }, { value: '1' }] },
        cursor: { value: 'a%20b' },
      },
    });
    assert.equal(querystring, 'cursor=a%20b&limit=2&limit=1&name=z');
  });

  test('drops what only the platform may say, and nothing else', () => {
    const names = [
      'forwarded',
      'x-forwarded-for',
      'x-forwarded-host',
      'x-real-ip',
      'x-strata-role',
      'x-amzn-trace-id',
      'x-envoy-retry-on',
    ];
    const kept = ['host', 'authorization', 'accept', 'if-none-match', 'idempotency-key', 'cookie'];
    const headers = Object.fromEntries([...names, ...kept].map((name) => [name, { value: 'x' }]));
    assert.deepEqual(Object.keys(api({ uri: '/', headers }).headers).toSorted(), kept.toSorted());
  });

  test('means the index of a folder where pages are served, and nowhere else', () => {
    assert.equal(pages({ uri: '/' }).uri, '/index.html');
    assert.equal(pages({ uri: '/help/' }).uri, '/help/index.html');
    assert.equal(pages({ uri: '/style.css' }).uri, '/style.css');
    assert.equal(api({ uri: '/' }).uri, '/');
  });

  test('sends viewers of another name to the one of the blueprint, with path and query', () => {
    const named = deployed({ pages: true, host: 'app.example' });
    const sent = named({
      method: 'POST',
      uri: '/a%62',
      querystring: { q: { value: '1' } },
      headers: { host: { value: 'd1.cdn.example' } },
    });
    assert.equal(sent.statusCode, 308);
    assert.deepEqual(sent.headers.location, { value: 'https://app.example/ab?q=1' });
    assert.equal(named({ uri: '/', headers: { host: { value: 'APP.example:443' } } }).uri, '/index.html');
  });

  test('answers by itself where no behaviour has the path', () => {
    assert.equal(deployed({ pages: false, nothing: true })({ uri: '/' }).statusCode, 404);
  });
});

describe('the build of a function for the edge', () => {
  test('stays far below the size the runtime takes', () => {
    const text = bundleEdgeFunction(root, 'normalize', { pages: true, host: 'app.example' });
    assert.ok(Buffer.byteLength(text) < 10 * 1024);
  });

  test('refuses what the runtime does not know', (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'strata-edge-'));
    context.after(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'functions', 'modern'), { recursive: true });
    for (const source of ['class A {}; return new A();', 'for (const a of [1]) return a;']) {
      writeFileSync(
        join(folder, 'functions', 'modern', 'handler.ts'),
        `export function handler() { ${source} }\n`,
      );
      assert.throws(() => bundleEdgeFunction(folder, 'modern', {}), /not supported/, source);
    }
  });
});
