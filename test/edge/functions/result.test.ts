import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { CloudFrontRecord } from '../../../src/edge/functions/event.ts';
import { changedLines } from '../../../src/edge/functions/event-headers.ts';
import {
  eventRecord,
  type RecordedRequest,
  type RecordedResponse,
} from '../../../src/edge/functions/record.ts';
import { outcomeOf } from '../../../src/edge/functions/result.ts';
import type { EventType } from '../../../src/model/sections/access/edge-function.ts';

const config = (eventType: EventType) => ({
  distributionDomainName: 'd111111abcdef8.cloudfront.net',
  distributionId: 'EDFDVBD6EXAMPLE',
  eventType,
  requestId: 'request',
});

const sent = {
  clientIp: '192.0.2.1',
  method: 'GET',
  target: '/a?b=1',
  headers: ['Host', 'app.example', 'Via', '1.1 a'],
};
const came = { status: 200, reason: 'OK', headers: ['Content-Type', 'text/plain', 'Content-Length', '2'] };

function requestAt(eventType: EventType, changes: Partial<RecordedRequest> = {}): CloudFrontRecord {
  return eventRecord(config(eventType), { ...sent, ...changes });
}

function responseAt(eventType: EventType, changes: Partial<RecordedResponse> = {}): CloudFrontRecord {
  return eventRecord(config(eventType), sent, { ...came, ...changes });
}

type Changed = Record<string, unknown> & { headers: Record<string, unknown> };

/** Changes a member of what a function got. */
const set = (name: string, value: unknown) => (copy: Changed) => {
  copy[name] = value;
};

/** Changes a header field, or takes it away. */
const field = (name: string, values: unknown) => (copy: Changed) => {
  copy.headers[name] = values;
};

/** What becomes of a record's request or response after a function has changed it. */
function returned(record: CloudFrontRecord, change: (copy: Changed) => unknown) {
  const copy = structuredClone(record.cf.response ?? record.cf.request) as unknown as Changed;
  return outcomeOf(record, JSON.stringify(change(copy) ?? copy));
}

function assertFault(outcome: ReturnType<typeof outcomeOf>, reason: RegExp): void {
  assert.ok(outcome.kind === 'fault', JSON.stringify(outcome));
  assert.equal(outcome.status, 502);
  assert.match(outcome.reason, reason);
}

describe('an event', () => {
  test('has what the vendor says, and no field a function has no business with', () => {
    const record = requestAt('viewer-request', {
      headers: [
        'Host',
        'a',
        'Accept',
        'x',
        'accept',
        'y',
        'Connection',
        'close',
        'X-Amz-Cf-Id',
        '1',
        'X-Edge-Y',
        '1',
      ],
    });
    assert.deepEqual(record.cf.request, {
      clientIp: '192.0.2.1',
      method: 'GET',
      uri: '/a',
      querystring: 'b=1',
      headers: {
        host: [{ key: 'Host', value: 'a' }],
        accept: [
          { key: 'Accept', value: 'x' },
          { key: 'accept', value: 'y' },
        ],
      },
    });
    assert.equal(requestAt('viewer-request', { target: '/' }).cf.request.querystring, '');
  });

  test('has the body where it is asked for, cut at 40 KB before the cache and at 1 MB behind it', () => {
    for (const [event, size] of [
      ['viewer-request', 40 * 1024],
      ['origin-request', 1024 * 1024],
    ] as const) {
      for (const [length, inputTruncated] of [
        [size, false],
        [size + 1, true],
      ] as const) {
        const { body } = requestAt(event, { body: Buffer.alloc(length, 'x') }).cf.request;
        assert.deepEqual(
          [body?.inputTruncated, body?.action, body?.encoding],
          [inputTruncated, 'read-only', 'base64'],
        );
        assert.equal(Buffer.from(body?.data ?? '', 'base64').length, size);
      }
    }
  });

  test('has text as UTF-8, and gives back the bytes that came', () => {
    const headers = ['A', Buffer.from('café').toString('latin1'), 'B', 'caf\u00e9'];
    const record = requestAt('viewer-request', { headers });
    const given = record.cf.request.headers;
    assert.deepEqual([given.a?.[0]?.value, given.b?.[0]?.value], ['café', 'café']);
    assert.deepEqual(changedLines(headers, given, structuredClone(given)), headers);
    const added = { ...given, c: [{ value: 'é' }] };
    assert.deepEqual(changedLines(headers, given, added).slice(4), [
      'C',
      Buffer.from('é').toString('latin1'),
    ]);
  });

  test('has a query of other bytes as text, which goes on in escapes', () => {
    for (const query of ['café', Buffer.from('café').toString('latin1')]) {
      const record = requestAt('viewer-request', { target: `/a?${query}` });
      assert.equal(record.cf.request.querystring, 'café');
      const outcome = outcomeOf(record, JSON.stringify(record.cf.request));
      assert.equal(outcome.kind === 'request' && outcome.request.target, '/a?caf%C3%A9');
    }
  });

  test('comes back as it went when a function returns it', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,8}$/);
    const value = fc.stringMatching(/^[\x20-\x7e\x80-\xff]{0,12}$/);
    const fields = fc.array(fc.tuple(name, value), { maxLength: 12 }).map((list) => list.flat());
    const target = fc.stringMatching(/^\/[A-Za-z0-9%._~\-/]{0,20}(\?[A-Za-z0-9%=&]{1,20})?$/);
    fc.assert(
      fc.property(fields, target, (headers, to) => {
        const record = requestAt('viewer-request', { headers, target: to });
        const outcome = outcomeOf(record, JSON.stringify(record.cf.request));
        assert.ok(outcome.kind === 'request', JSON.stringify(outcome));
        assert.equal(outcome.request.target, to);
        assert.deepEqual(changedLines(headers, record.cf.request.headers, outcome.request.headers), headers);
      }),
    );
  });
});

describe('a request a function returns', () => {
  test('may have another path, query and fields', () => {
    const outcome = returned(requestAt('viewer-request'), (copy) => {
      copy.uri = '/é';
      copy.querystring = 'c=2';
      copy.headers['x-new'] = [{ key: 'X-New', value: '1' }, { value: '2' }];
    });
    assert.ok(outcome.kind === 'request');
    assert.equal(outcome.request.target, '/%C3%A9?c=2');
    assert.deepEqual(
      changedLines(sent.headers, requestAt('viewer-request').cf.request.headers, outcome.request.headers),
      [...sent.headers, 'X-New', '1', 'X-New', '2'],
    );
  });

  const invalid: [what: string, change: (copy: Changed) => unknown, reason: RegExp][] = [
    ['text', () => 'request', /neither request nor response/],
    ['a list', () => [], /neither request nor response/],
    ['another method', set('method', 'POST'), /method is read-only/],
    ['another address', set('clientIp', '1.1.1.1'), /clientIp is read-only/],
    ['no path', set('uri', undefined), /uri does not begin/],
    ['a path without a slash', set('uri', 'a'), /uri does not begin/],
    ['a path with a query', set('uri', '/a?b'), /uri has/],
    ['a path with a space', set('uri', '/a b'), /uri has/],
    ['a query with a line end', set('querystring', 'a\r\nb'), /querystring has/],
    ['a query with a fragment', set('querystring', 'a#b'), /querystring has/],
    ['a target that is too long', set('querystring', 'a'.repeat(8190)), /too long/],
    ['another origin', set('origin', { custom: {} }), /another origin/],
    [
      'headers that are a list',
      () => ({ ...sent, uri: '/', querystring: '', headers: [] }),
      /headers is not/,
    ],
    ['a field that is text', field('a', 'x'), /headers.a is not a list/],
    ['a field without value', field('a', [{ key: 'A' }]), /without value/],
    ['a field with another key', field('a', [{ key: 'B', value: '' }]), /another key/],
    ['a name with a space', field('a b', [{ value: '' }]), /has the name/],
    ['a value with a line end', field('a', [{ value: 'a\nb: c' }]), /control character/],
    ['too many characters', field('a', [{ value: 'x'.repeat(10_240) }]), /10241 characters/],
    ['a body where there is none', set('body', { action: 'replace', data: '' }), /not part of/],
  ];
  for (const [what, change, reason] of invalid) {
    test(`with ${what} is 502`, () => assertFault(returned(requestAt('viewer-request'), change), reason));
  }

  const readOnly: [event: EventType, name: string][] = [
    ['viewer-request', 'CDN-Loop'],
    ['viewer-request', 'Content-Length'],
    ['viewer-request', 'host'],
    ['viewer-request', 'transfer-encoding'],
    ['viewer-request', 'via'],
    ['origin-request', 'accept-encoding'],
    ['origin-request', 'if-none-match'],
    ['origin-request', 'if-range'],
  ];
  for (const [event, name] of readOnly) {
    test(`at ${event} with ${name} added, changed or taken away is 502`, () => {
      const reason = new RegExp(`${name.toLowerCase()} is read-only`);
      const without = requestAt(event, { headers: ['A', 'b'] });
      const having = requestAt(event, { headers: [name, 'x'] });
      assertFault(returned(without, field(name, [{ value: 'x' }])), reason);
      assertFault(returned(having, field(name.toLowerCase(), [{ value: 'y' }])), reason);
      assertFault(returned(having, field(name.toLowerCase(), undefined)), reason);
    });
  }

  test('may have fields with the names of what every object has', () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
      const headers = [name, 'sent'];
      const record = requestAt('viewer-request', { headers });
      const kept = outcomeOf(record, JSON.stringify(record.cf.request));
      assert.ok(kept.kind === 'request', JSON.stringify(kept));
      assert.deepEqual(changedLines(headers, record.cf.request.headers, kept.request.headers), headers);
      assert.equal(returned(requestAt('viewer-request'), field(name, [{ value: 'x' }])).kind, 'request');
    }
    const polluting = JSON.stringify(requestAt('viewer-request').cf.request).replace('"host"', '"__proto__"');
    assertFault(outcomeOf(requestAt('viewer-request'), polluting), /has the name/);
  });

  test('may have another host behind the cache', () => {
    const outcome = returned(requestAt('origin-request'), field('host', [{ value: 'b' }]));
    assert.equal(outcome.kind, 'request');
  });

  for (const name of [
    'Connection',
    'upgrade',
    'x-amz-cf-id',
    'X-Edge-Location',
    'x-cache',
    'x-forwarded-proto',
  ]) {
    test(`with ${name} is 502`, () => {
      const change = field(name, [{ value: 'x' }]);
      assertFault(returned(requestAt('origin-request'), change), /not a function's to set/);
    });
  }

  test('that says the viewer’s country is 502 before the cache', () => {
    const change = field('cloudfront-viewer-country', [{ value: 'NL' }]);
    assertFault(returned(requestAt('viewer-request'), change), /cannot be set/);
    assert.equal(returned(requestAt('origin-request'), change).kind, 'request');
  });

  test('may have another body where it got one, within the bounds of its event and encoding', () => {
    const body = Buffer.from('old');
    const replace = (event: EventType, data: string, encoding?: string) =>
      returned(requestAt(event, { body }), set('body', { action: 'replace', data, encoding }));
    const content = (outcome: ReturnType<typeof replace>) =>
      outcome.kind === 'request' ? String(outcome.request.body) : outcome;
    assert.equal(content(replace('viewer-request', 'new', 'text')), 'new');
    assert.equal(content(replace('viewer-request', 'bmV3')), 'new');
    assertFault(replace('viewer-request', 'bm=3'), /not base64/);
    assertFault(replace('viewer-request', 'x'.repeat(40 * 1024 + 1), 'text'), /40961 bytes/);
    assertFault(replace('viewer-request', 'xxxx'.repeat(14_000)), /56000 bytes/);
    assert.equal(replace('origin-request', 'x'.repeat(1024 * 1024), 'text').kind, 'request');
    assertFault(replace('origin-request', 'x'.repeat(1024 * 1024 + 1), 'text'), /1048577 bytes/);
    const kept = returned(requestAt('viewer-request', { body }), () => undefined);
    assert.equal(kept.kind === 'request' && kept.request.body, undefined);
  });
});

describe('a response a function makes itself', () => {
  const made = (event: EventType, response: unknown) => returned(requestAt(event), () => response);

  test('needs a status and nothing else', () => {
    assert.deepEqual(made('viewer-request', { status: '204' }), {
      kind: 'response',
      response: { status: 204, reason: '', headers: {}, body: Buffer.alloc(0) },
    });
  });

  const invalid: [what: string, response: Record<string, unknown>, reason: RegExp][] = [
    ['a status that is a number', { status: 200 }, /status is not text/],
    ['a status below 200', { status: '199' }, /status is not text/],
    ['a status above 599', { status: '600' }, /status is not text/],
    ['a status with a line end', { status: '200\n' }, /status is not text/],
    ['a description with a line end', { status: '200', statusDescription: 'a\r\nb' }, /statusDescription/],
    ['a body where there is none', { status: '204', body: 'x' }, /204 has no body/],
    ['an unknown encoding', { status: '200', body: 'x', bodyEncoding: 'gzip' }, /encoding/],
    ['a body that is not base64', { status: '200', body: '?', bodyEncoding: 'base64' }, /not base64/],
    [
      'a field it may not set',
      { status: '200', headers: { via: [{ value: '1.1 me' }] } },
      /via is read-only/,
    ],
    ['more than 40 KB', { status: '200', body: 'x'.repeat(40 * 1024 + 1) }, /40961 bytes/],
  ];
  for (const [what, response, reason] of invalid) {
    test(`with ${what} is 502`, () => assertFault(made('viewer-request', response), reason));
  }

  test('has 40 KB before the cache and 1 MB behind it, fields included', () => {
    const headers = { a: [{ value: 'b' }] };
    const body = (size: number) => ({ status: '200', headers, body: 'x'.repeat(size - 6) });
    assert.equal(made('viewer-request', body(40 * 1024)).kind, 'response');
    assertFault(made('viewer-request', body(40 * 1024 + 1)), /40961 bytes/);
    assert.equal(made('origin-request', body(1024 * 1024)).kind, 'response');
    assertFault(made('origin-request', body(1024 * 1024 + 1)), /1048577 bytes/);
  });
});

describe('a response a function changes', () => {
  test('keeps the origin’s body unless it is given another behind the cache', () => {
    const kept = returned(responseAt('origin-response'), set('status', '404'));
    assert.deepEqual(kept.kind === 'response' && [kept.response.status, kept.response.body], [
      404,
      undefined,
    ]);
    const replaced = returned(responseAt('origin-response'), set('body', 'new'));
    assert.equal(replaced.kind === 'response' && String(replaced.response.body), 'new');
  });

  const invalid: [event: EventType, what: string, change: (copy: Changed) => unknown, reason: RegExp][] = [
    ['viewer-response', 'another status', set('status', '404'), /status cannot be changed/],
    ['viewer-response', 'a body', set('body', 'x'), /body cannot be changed/],
    ['viewer-response', 'another length', field('content-length', undefined), /content-length is/],
    ['viewer-response', 'a warning', field('warning', [{ value: '1' }]), /warning is/],
    ['viewer-response', 'text', () => 'nothing', /no response/],
    ['origin-response', 'a body of more than 1 MB', set('body', 'x'.repeat(1_048_577)), /bytes/],
    ['origin-response', 'its coding', field('transfer-encoding', [{ value: 'x' }]), /is read/],
  ];
  for (const [event, what, change, reason] of invalid) {
    test(`at ${event} with ${what} is 502`, () => assertFault(returned(responseAt(event), change), reason));
  }
});
