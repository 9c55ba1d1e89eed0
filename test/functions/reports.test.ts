import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { handler, type ProxyEvent } from '../../functions/reports/handler.ts';

const csp = 'application/csp-report';
const api = 'application/reports+json';

function eventOf(type: string, body: string | Buffer, headers: Record<string, string[]> = {}): ProxyEvent {
  const binary = typeof body !== 'string';
  return {
    multiValueHeaders: { 'Content-Type': [type], 'User-Agent': ['Browser/1'], ...headers },
    body: binary ? body.toString('base64') : body,
    isBase64Encoded: binary,
  };
}

/** Sends an event; what was answered, and the lines that were written. */
async function sent(t: TestContext, event: ProxyEvent) {
  const log = t.mock.method(console, 'log', () => undefined);
  const answer = await handler(event);
  const lines = log.mock.calls.map(({ arguments: [line] }) => JSON.parse(String(line)));
  log.mock.restore();
  return { answer, lines };
}

const violation = {
  'csp-report': {
    'document-uri': 'https://app.localhost:8080/page?code=secret#part',
    referrer: 'https://app.localhost:8080/session/callback?code=secret',
    'violated-directive': 'script-src-elem',
    'effective-directive': 'script-src-elem',
    'original-policy': "default-src 'none'",
    disposition: 'enforce',
    'blocked-uri': 'inline',
    'line-number': 12,
    'status-code': 200,
    'script-sample': '',
  },
};

const deprecation = {
  type: 'deprecation',
  age: 12.6,
  url: 'https://app.localhost:8080/?a=b',
  user_agent: 'Browser/1',
  body: { id: 'x', anticipatedRemoval: null, message: 'goes', lineNumber: 3, nested: { a: 1 } },
};

describe('a report', () => {
  test("of CSP's report-uri becomes one line, without what addresses ask for", async (t) => {
    const { answer, lines } = await sent(t, eventOf(csp, JSON.stringify(violation)));
    assert.deepEqual([answer.statusCode, answer.body], [204, '']);
    assert.equal(answer.headers['cache-control'], 'no-store');
    const [{ time, ...line }] = lines;
    assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000);
    assert.deepEqual(line, {
      event: 'report',
      type: 'csp-violation',
      url: 'https://app.localhost:8080/page',
      age: 0,
      body: {
        referrer: 'https://app.localhost:8080/session/callback',
        violatedDirective: 'script-src-elem',
        effectiveDirective: 'script-src-elem',
        originalPolicy: "default-src 'none'",
        disposition: 'enforce',
        blockedURL: 'inline',
        lineNumber: 12,
        statusCode: 200,
        scriptSample: '',
      },
      userAgent: 'Browser/1',
    });
    assert.doesNotMatch(JSON.stringify(lines), /secret/);
  });

  test('of the Reporting API becomes one line each, with its plain values', async (t) => {
    const { answer, lines } = await sent(
      t,
      eventOf(`${api}; charset=utf-8`, JSON.stringify([deprecation, deprecation])),
    );
    assert.equal(answer.statusCode, 204);
    assert.equal(lines.length, 2);
    const { type, url, age, body } = lines[0];
    assert.deepEqual([type, url, age], ['deprecation', 'https://app.localhost:8080/', 13]);
    assert.deepEqual(body, { id: 'x', message: 'goes', lineNumber: 3 });
  });

  test('in base64, as bodies of binary types come, is read the same', async (t) => {
    const { answer, lines } = await sent(t, eventOf(csp, Buffer.from(JSON.stringify(violation))));
    assert.equal(answer.statusCode, 204);
    assert.equal(lines.length, 1);
  });

  test('that is long is cut', async (t) => {
    const body = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`m${index}`, 'a'.repeat(1500)]),
    );
    const { lines } = await sent(t, eventOf(api, JSON.stringify([{ ...deprecation, body }])));
    assert.equal(Object.keys(lines[0].body).length, 24);
    assert.equal(lines[0].body.m0.length, 1024);
  });

  test('that holds line breaks stays one line', async (t) => {
    const log = t.mock.method(console, 'log', () => undefined);
    await handler(
      eventOf(api, JSON.stringify([{ ...deprecation, body: { message: 'a\nb\u2028{"event":"forged"}' } }])),
    );
    assert.doesNotMatch(String(log.mock.calls[0]?.arguments[0]), /\n/);
  });
});

describe('what is no report is refused, and nothing written', () => {
  const refused: [string, number, string, ProxyEvent][] = [
    ['another content type', 415, 'report-type-unsupported', eventOf('application/json', '[]')],
    [
      'no content type',
      415,
      'report-type-unsupported',
      { multiValueHeaders: null, body: '[]', isBase64Encoded: false },
    ],
    ['more than 64 KB', 413, 'body-too-large', eventOf(csp, `"${'a'.repeat(65_536)}"`)],
    ['no body', 400, 'report-invalid', { ...eventOf(csp, ''), body: null }],
    ['no JSON', 400, 'report-invalid', eventOf(csp, '{')],
    ['no UTF-8', 400, 'report-invalid', eventOf(api, Buffer.from([0x5b, 0xff, 0x5d]))],
    ['a violation without its member', 400, 'report-invalid', eventOf(csp, '{}')],
    ['a violation of no page', 400, 'report-invalid', eventOf(csp, '{"csp-report":{"document-uri":1}}')],
    ['no reports', 400, 'report-invalid', eventOf(api, '[]')],
    ['a report that is no object', 400, 'report-invalid', eventOf(api, '[1]')],
    ['a report without a type', 400, 'report-invalid', eventOf(api, '[{"url":"https://a/"}]')],
    [
      '101 reports',
      400,
      'report-invalid',
      eventOf(api, JSON.stringify(Array(101).fill({ type: 'x', url: 'https://a/' }))),
    ],
    [
      'an age before its cause',
      400,
      'report-invalid',
      eventOf(api, '[{"type":"x","url":"https://a/","age":-1}]'),
    ],
  ];
  for (const [name, status, code, event] of refused) {
    test(`${name}: ${status}`, async (t) => {
      const { answer, lines } = await sent(t, event);
      assert.equal(answer.statusCode, status);
      assert.equal(answer.headers['content-type'], 'application/problem+json');
      assert.equal(JSON.parse(answer.body).type, `urn:strata:problem:${code}`);
      assert.deepEqual(lines, []);
    });
  }
});

test('whatever comes is answered 204 or refused, and a line is never longer than 64 KB', async (t) => {
  const log = t.mock.method(console, 'log', () => undefined);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(csp, api), fc.json(), async (type, body) => {
      const { statusCode } = await handler(eventOf(type, body));
      assert.ok([204, 400, 413].includes(statusCode));
    }),
    { numRuns: 300 },
  );
  for (const {
    arguments: [line],
  } of log.mock.calls)
    assert.ok(String(line).length < 65_536);
});
