import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { openLog } from '../../src/observe/log.ts';
import { serverTiming } from '../../src/observe/server-timing.ts';
import { childOf, parseTraceparent, serializeTraceparent } from '../../src/observe/trace-context.ts';

describe('trace context', () => {
  const digits = (length: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });

  test('is written as it was read', () => {
    fc.assert(
      fc.property(digits(32), digits(16), fc.integer({ min: 0, max: 255 }), (traceId, parentId, flags) => {
        const header = serializeTraceparent({ traceId, parentId, flags });
        const allowed = !/^0+$/.test(traceId) && !/^0+$/.test(parentId);
        assert.deepEqual(parseTraceparent(header), allowed ? { traceId, parentId, flags } : undefined);
      }),
    );
  });

  const id = '0af7651916cd43dd8448eb211c80319c';
  const span = 'b7ad6b7169203331';
  for (const [title, header] of [
    ['nothing', undefined],
    ['an empty one', ''],
    ['capitals', `00-${id.toUpperCase()}-${span}-01`],
    ['version ff', `ff-${id}-${span}-01`],
    ['more than version 00 has', `00-${id}-${span}-01-x`],
    ['zeros', `00-${'0'.repeat(32)}-${span}-01`],
    ['zeros for a parent', `00-${id}-${'0'.repeat(16)}-01`],
    ['two of them', `00-${id}-${span}-01, 00-${id}-${span}-01`],
  ] as const) {
    test(`is not taken from ${title}`, () => assert.equal(parseTraceparent(header), undefined));
  }

  test('of a later version is read by what is known', () => {
    assert.deepEqual(parseTraceparent(`cc-${id}-${span}-01-more`), { traceId: id, parentId: span, flags: 1 });
  });

  test('goes on with the same trace and another span', () => {
    const trace = { traceId: id, parentId: span, flags: 1 };
    const child = childOf(trace);
    assert.equal(child.traceId, trace.traceId);
    assert.notEqual(child.parentId, trace.parentId);
    assert.deepEqual(parseTraceparent(serializeTraceparent(child)), child);
  });
});

test('server timings are in milliseconds, in order', () => {
  const timings = [
    { name: 'entities', duration: 1.23456 },
    { name: 'cache', duration: 0 },
  ];
  assert.equal(serverTiming(timings), 'entities;dur=1.235, cache;dur=0');
});

test('a log is JSON lines, and credentials are left out', () => {
  const lines: string[] = [];
  const destination = new Writable({
    write: (chunk, _, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  const log = openLog({ service: 'entities', task: 'entities-1' }, destination);
  const headers = { authorization: 'Bearer abc', cookie: 'id=abc', 'set-cookie': 'id=abc', accept: '*/*' };
  log.warn({ headers, password: 'abc', request: { headers }, token: 'abc' }, 'odd');
  assert.equal(lines.length, 1);
  const [line = ''] = lines;
  assert.doesNotMatch(line, /abc/);
  const entry = JSON.parse(line) as Record<string, unknown>;
  assert.deepEqual(
    [entry.level, entry.service, entry.task, entry.msg],
    ['warn', 'entities', 'entities-1', 'odd'],
  );
  assert.match(String(entry.time), /^\d{4}-\d\d-\d\dT.*Z$/);
});
