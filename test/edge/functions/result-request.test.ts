import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { changedLines } from '../../../src/edge/functions/event-headers.ts';
import { outcomeOf } from '../../../src/edge/functions/result.ts';
import type { EventType } from '../../../src/model/sections/access/edge-function.ts';
import { assertFault, type Changed, field, requestAt, returned, sent, set } from './result-fixture.ts';

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
