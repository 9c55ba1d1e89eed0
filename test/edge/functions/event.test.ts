import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { changedLines } from '../../../src/edge/functions/event-headers.ts';
import { outcomeOf } from '../../../src/edge/functions/result.ts';
import { requestAt } from './result-fixture.ts';

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
