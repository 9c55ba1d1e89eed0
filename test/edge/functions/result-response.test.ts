import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EventType } from '../../../src/model/sections/access/edge-function.ts';
import { assertFault, type Changed, field, requestAt, responseAt, returned, set } from './result-fixture.ts';

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
