import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { NormalizeConfiguration } from '../../functions/normalize/configuration.ts';
import type { GeneratedResponse, Headers, ViewerRequest } from '../../functions/normalize/event.ts';
import { createNormalize } from '../../functions/normalize/normalize.ts';
import { canonicalPath as canonicalAtEdge } from '../../functions/normalize/path.ts';
import { canonicalPath as canonicalAtGateway } from '../../src/gateway/path.ts';

const configuration: NormalizeConfiguration = {
  schemes: ['http', 'https'],
  behaviors: [
    { path: '/api/v1/secure*', pages: false, query: 'all' },
    { path: '/api/v1/data*', pages: false, query: ['limit', 'cursor', 'name'] },
    { path: '/session*', pages: false, query: 'all' },
    { path: '/*', pages: true, query: [] },
  ],
  session: { token: ['/api/v1/secure'], cookies: ['/session'] },
};

interface Sent {
  readonly method?: string;
  readonly uri?: string;
  readonly querystring?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function eventHeaders(fields: Readonly<Record<string, string>>): Headers {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key.toLowerCase(), [{ key, value }]]),
  );
}

function normalized(
  { method = 'GET', uri = '/', querystring = '', headers = {} }: Sent,
  changes: Partial<NormalizeConfiguration> = {},
): ViewerRequest | GeneratedResponse {
  const normalize = createNormalize({ ...configuration, ...changes });
  const request = { clientIp: '192.0.2.1', method, uri, querystring };
  return normalize({ ...request, headers: eventHeaders({ Host: 'app.example', ...headers }) });
}

/** What goes on. */
function passed(sent: Sent, changes?: Partial<NormalizeConfiguration>): ViewerRequest {
  const result = normalized(sent, changes);
  assert.ok('uri' in result, JSON.stringify(result));
  return result;
}

/** What the function answers itself. */
function answered(sent: Sent, changes?: Partial<NormalizeConfiguration>): GeneratedResponse {
  const result = normalized(sent, changes);
  assert.ok('status' in result, JSON.stringify(result));
  return result;
}

const fieldOf = ({ headers }: { headers: Headers }, name: string) =>
  headers[name]?.map(({ value }) => value).join('|');

describe('a path', () => {
  test('has one name for one resource', () => {
    assert.equal(passed({ uri: '/api/v1/data/%61%2Dc' }).uri, '/api/v1/data/a-c');
    assert.equal(passed({ uri: '/caf%c3%a9.png' }).uri, '/caf%C3%A9.png');
  });

  test('is called what the gateway calls it, whatever it is', () => {
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

  test('is refused when it leads elsewhere or has no form', () => {
    for (const uri of [
      '/a/../b',
      '/a/%2e%2e/b',
      '/a%2fb',
      '/a%00',
      '/a%',
      '/%ff',
      '/a b',
      '//evil.example/',
    ]) {
      const answer = answered({ uri });
      assert.deepEqual([answer.status, fieldOf(answer, 'cache-control')], ['400', 'no-store'], uri);
    }
  });

  test('that is another behaviour’s under its own name is sent there, not passed on', () => {
    const answer = answered({ uri: '/api/v1/%73ecure', querystring: 'b=2&a=1' });
    assert.deepEqual([answer.status, fieldOf(answer, 'location')], ['308', '/api/v1/secure?a=1&b=2']);
  });

  test('means the index of a folder where pages are served, and nowhere else', () => {
    assert.equal(passed({ uri: '/' }).uri, '/index.html');
    assert.equal(passed({ uri: '/help/' }).uri, '/help/index.html');
    assert.equal(passed({ uri: '/help' }).uri, '/help/index.html');
    assert.equal(passed({ uri: '/icon.svg' }).uri, '/icon.svg');
    assert.equal(passed({ uri: '/style.css' }).uri, '/style.css');
    assert.equal(passed({ uri: '/api/v1/data/' }).uri, '/api/v1/data/');
  });

  test('that no behaviour has is not found', () => {
    assert.equal(answered({ uri: '/' }, { behaviors: [] }).status, '404');
  });
});

describe('a host', () => {
  test('other than the one of the blueprint is sent there, with path and query', () => {
    const answer = answered(
      {
        method: 'POST',
        uri: '/api/v1/%73ecure',
        querystring: 'b=2&a=1',
        headers: { Host: 'd1.cdn.example' },
      },
      { host: 'app.example' },
    );
    assert.deepEqual(
      [answer.status, fieldOf(answer, 'location')],
      ['308', 'https://app.example/api/v1/secure?a=1&b=2'],
    );
    // The CDN has no use for a page's query, and the page has.
    const page = { uri: '/entity', querystring: 'id=5', headers: { Host: 'd1.cdn.example' } };
    assert.equal(
      fieldOf(answered(page, { host: 'app.example' }), 'location'),
      'https://app.example/entity?id=5',
    );
  });

  test('is the same in any case and with a port', () => {
    const headers = { Host: 'APP.example:443' };
    assert.equal(passed({ headers }, { host: 'app.example' }).uri, '/index.html');
  });
});

describe('a query', () => {
  const uri = '/api/v1/data';

  test('is sorted by name and keeps the order of values of one name', () => {
    const { querystring } = passed({ uri, querystring: 'name=z&limit=2&cursor=a%20b&&limit=1' });
    assert.equal(querystring, 'cursor=a%20b&limit=2&limit=1&name=z');
  });

  test('has what its behaviour knows and nothing else', () => {
    assert.equal(passed({ uri, querystring: 'utm=1&limit=2&Limit=3' }).querystring, 'limit=2');
    assert.equal(passed({ uri: '/style.css', querystring: 'v=1' }).querystring, '');
    assert.equal(passed({ uri: '/api/v1/secure', querystring: 'z=1&a' }).querystring, 'a&z=1');
  });

  test('has one spelling: escapes only where they are needed, in upper case', () => {
    assert.equal(
      passed({ uri, querystring: '%6cimit=%32&name=caf%c3%a9%' }).querystring,
      'limit=2&name=caf%C3%A9%',
    );
  });

  test('is the same whatever order its names came in', () => {
    const pairs = fc.uniqueArray(
      fc.tuple(fc.stringMatching(/^[a-z%+]{1,4}$/), fc.stringMatching(/^[a-z0-9=%]{0,4}$/)),
      {
        selector: ([name]) => name,
        maxLength: 6,
      },
    );
    const shuffled = pairs.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    const query = (list: readonly (readonly [string, string])[]) =>
      passed({ uri: '/session', querystring: list.map((pair) => pair.join('=')).join('&') }).querystring;
    fc.assert(fc.property(shuffled, ([one, other]) => assert.equal(query(one), query(other))));
  });
});

describe('header fields', () => {
  test('that only the platform may say are dropped, and nothing else', () => {
    const dropped = [
      'Forwarded',
      'X-Forwarded-For',
      'X-Forwarded-Host',
      'X-Strata-Role',
      'X-Amzn-Trace-Id',
      'X-Envoy-Retry-On',
      'CloudFront-Viewer-Country',
    ];
    const kept = ['authorization', 'accept', 'if-none-match', 'idempotency-key', 'range', 'user-agent'];
    const headers = Object.fromEntries([...dropped, ...kept].map((name) => [name, 'x']));
    assert.deepEqual(
      Object.keys(passed({ headers }).headers).toSorted(),
      [...kept, 'host', 'x-device-class'].toSorted(),
    );
  });

  const encodings: [sent: string, folded: string][] = [
    ['gzip, deflate, br, zstd', 'br, gzip'],
    ['gzip', 'gzip'],
    ['BR;q=0.5', 'br'],
    ['*', 'br, gzip'],
    ['*;q=0.1, br;q=0', 'gzip'],
    ['gzip;q=0', 'identity'],
    ['gzip;q=2', 'identity'],
    ['x-gzip', 'gzip'],
    ['', 'identity'],
  ];
  for (const [sent, folded] of encodings) {
    test(`Accept-Encoding: ${sent} becomes ${folded}`, () => {
      assert.equal(fieldOf(passed({ headers: { 'Accept-Encoding': sent } }), 'accept-encoding'), folded);
    });
  }

  test('Accept-Encoding stays away when it was not sent', () => {
    assert.equal(fieldOf(passed({}), 'accept-encoding'), undefined);
  });

  const agents: [agent: string, device: string][] = [
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36', 'desktop'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148', 'mobile'],
    ['Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0.0.0 Mobile Safari/537.36', 'mobile'],
    ['Mozilla/5.0 (Linux; Android 15; SM-X910) Chrome/140.0.0.0 Safari/537.36', 'tablet'],
    ['Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) Mobile/15E148', 'tablet'],
    ['Mozilla/5.0 (SMART-TV; Linux; Tizen 8.0) TV Safari/537.36', 'smart-tv'],
    ['', 'desktop'],
  ];
  for (const [agent, device] of agents) {
    test(`the device of "${agent.slice(0, 40)}" is ${device}, whatever the viewer says`, () => {
      const headers = { 'User-Agent': agent, 'X-Device-Class': 'toaster' };
      assert.equal(fieldOf(passed({ headers }), 'x-device-class'), device);
    });
  }
});

describe('a session', () => {
  const cookie = 'theme=dark; __Host-session=abc.def; __Secure-refresh=r';
  const uri = '/api/v1/secure/1';

  test('becomes a token where one is asked for, and its cookies go', () => {
    const { headers } = passed({ uri, headers: { Cookie: cookie } });
    assert.equal(fieldOf({ headers }, 'authorization'), 'Bearer abc.def');
    assert.equal(fieldOf({ headers }, 'cookie'), 'theme=dark');
  });

  test('gives no token anywhere else', () => {
    for (const other of ['/', '/api/v1/data', '/api/v1/secured', '/session']) {
      assert.equal(
        fieldOf(passed({ uri: other, headers: { Cookie: cookie } }), 'authorization'),
        undefined,
        other,
      );
    }
  });

  test('keeps its cookies where sessions are kept alone', () => {
    assert.equal(fieldOf(passed({ uri: '/session/refresh', headers: { Cookie: cookie } }), 'cookie'), cookie);
    assert.equal(fieldOf(passed({ uri: '/sessions', headers: { Cookie: cookie } }), 'cookie'), 'theme=dark');
    assert.equal(fieldOf(passed({ headers: { Cookie: '__Host-session=a' } }), 'cookie'), undefined);
  });

  test('never takes the place of a token the viewer sent itself', () => {
    const sent = { method: 'POST', uri, headers: { Cookie: cookie, Authorization: 'Bearer own' } };
    assert.equal(fieldOf(passed(sent), 'authorization'), 'Bearer own');
    assert.equal(fieldOf(passed(sent), 'cookie'), 'theme=dark');
  });

  test('is not used when it is none, or there are two', () => {
    for (const Cookie of ['__Host-session=a b', '__Host-session=', '__Host-session=a; __Host-session=b']) {
      assert.equal(fieldOf(passed({ uri, headers: { Cookie } }), 'authorization'), undefined, Cookie);
    }
  });

  const changes: [says: string, headers: Record<string, string>, allowed: boolean][] = [
    ['a page of ours', { 'Sec-Fetch-Site': 'same-origin' }, true],
    ['another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://app.example' }, false],
    ['another name of ours', { 'Sec-Fetch-Site': 'same-site', Origin: 'http://app.example' }, false],
    ['nobody', {}, false],
    ['the address line', { 'Sec-Fetch-Site': 'none' }, false],
    ['an older browser on a page of ours', { Origin: 'https://app.example' }, true],
    ['an older browser elsewhere', { Origin: 'https://app.example.evil.example' }, false],
    ['a hidden origin', { Origin: 'null' }, false],
  ];
  for (const [says, headers, allowed] of changes) {
    test(`changes something when ${says} asks: ${allowed}`, () => {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const result = normalized({ method, uri, headers: { Cookie: cookie, ...headers } });
        assert.equal('status' in result ? result.status : 'passed', allowed ? 'passed' : '403', method);
      }
      assert.ok('uri' in normalized({ method: 'GET', uri, headers: { Cookie: cookie, ...headers } }));
    });
  }

  test('is known by the blueprint’s host over TLS where there is one', () => {
    const changes = { host: 'app.example', schemes: ['https'] as const };
    const from = (Origin: string) =>
      normalized({ method: 'POST', uri, headers: { Cookie: cookie, Origin } }, changes);
    assert.ok('uri' in from('https://app.example'));
    assert.ok('status' in from('http://app.example'));
  });
});

describe('any request', () => {
  const value = fc.string({ unit: 'grapheme-ascii', maxLength: 12 });
  const headers = fc.dictionary(
    fc.constantFrom(
      'Accept-Encoding',
      'User-Agent',
      'Cookie',
      'X-Forwarded-For',
      'Accept',
      'Authorization',
      'Origin',
    ),
    fc.oneof(value, fc.constantFrom('gzip, br', '*;q=0.5', '__Host-session=abc; a=b', 'Bearer x')),
  );
  const request = fc.record({
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE'),
    uri: fc.constantFrom(
      '/',
      '/a/%62/',
      '/api/v1/secure/x',
      '/api/v1/data',
      '/session/list',
      '/%61pi/v1/data',
      '/a%2f',
    ),
    querystring: fc
      .array(fc.tuple(fc.constantFrom('limit', '%6cimit', 'name', 'utm', 'é', ''), value), { maxLength: 5 })
      .map((pairs) => pairs.map((pair) => pair.map(encodeURI).join('=')).join('&')),
    headers,
  });

  test('in one form already stays as it is', () => {
    fc.assert(
      fc.property(request, (sent) => {
        const once = normalized(sent);
        if ('status' in once) return;
        const copy = structuredClone(once);
        assert.deepEqual(createNormalize(configuration)(structuredClone(once)), copy);
      }),
    );
  });

  test('never asks for more than the viewer did', () => {
    fc.assert(
      fc.property(request, (sent) => {
        const result = normalized(sent);
        if ('status' in result) return;
        const asked = new Set((sent.querystring ?? '').split('&').map((pair) => decodeURIComponent(pair)));
        for (const pair of result.querystring.split('&'))
          assert.ok(asked.has(decodeURIComponent(pair)) || pair === '');
        const added = Object.keys(result.headers).filter((name) => !(name in eventHeaders(sent.headers)));
        assert.deepEqual(
          added.filter((name) => name !== 'host' && name !== 'x-device-class' && name !== 'authorization'),
          [],
        );
        const secure = result.uri.startsWith('/api/v1/secure');
        if (added.includes('authorization'))
          assert.ok(secure && sent.headers.Cookie?.includes('__Host-session'));
      }),
    );
  });
});
