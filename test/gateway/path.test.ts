import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { canonicalPath } from '../../src/gateway/path.ts';
import { selectedQuery } from '../../src/gateway/query.ts';

describe('the canonical form of a path', () => {
  const forms: [path: string, canonical: string | undefined][] = [
    ['/', '/'],
    ['/api/v1/data', '/api/v1/data'],
    ['/api/v1/%64ata', '/api/v1/data'],
    ['/a%20b', '/a%20b'],
    ['/caf%c3%a9', '/caf%C3%A9'],
    ['/a:b@c', '/a:b@c'],
    ['/.well-known', '/.well-known'],
    ['/a%', undefined],
    ['/a%2', undefined],
    ['/a%zz', undefined],
    ['/a%ff', undefined],
    ['/a%00b', undefined],
    ['/a%0d%0ab', undefined],
    ['/a/../b', undefined],
    ['/a/%2e%2E/b', undefined],
    ['/./a', undefined],
    ['/a%2fb', undefined],
    ['/a%5cb', undefined],
    ['/a\\b', undefined],
    ['a', undefined],
    ['*', undefined],
    ['/é', undefined],
  ];
  for (const [path, canonical] of forms) {
    test(`of ${path} is ${canonical ?? 'none'}`, () => assert.equal(canonicalPath(path), canonical));
  }

  test('is its own canonical form, without a dot segment, and means the same', () => {
    fc.assert(
      fc.property(fc.webPath(), fc.string({ unit: 'binary', maxLength: 8 }), (path, text) => {
        for (const candidate of [path, `${path}/${encodeURIComponent(text.toWellFormed())}`]) {
          const canonical = canonicalPath(candidate);
          if (canonical === undefined) continue;
          assert.equal(canonicalPath(canonical), canonical);
          assert.equal(decodeURIComponent(canonical), decodeURIComponent(candidate));
          assert.equal(
            new URL(canonical.replace(/^\/+/, '/'), 'http://host').pathname,
            canonical.replace(/^\/+/, '/'),
          );
        }
      }),
    );
  });
});

describe('the selected query', () => {
  const forms: [query: string, selected: string[], text: string | undefined][] = [
    ['', ['a'], ''],
    ['b=1', ['a'], ''],
    ['b=2&a=1', ['a', 'b'], 'a=1&b=2'],
    ['a=2&a=1', ['a'], 'a=2&a=1'],
    ['a', ['a'], 'a='],
    ['%61=%31', ['a'], 'a=1'],
    ['a=x+y', ['a'], 'a=x%20y'],
    ['a=1&&a=2', ['a'], 'a=1&a=2'],
    ['a=%zz', ['a'], undefined],
    ['b=%zz&a=1', ['a'], 'a=1'],
  ];
  for (const [query, selected, text] of forms) {
    test(`of '${query}' is ${text === undefined ? 'none' : `'${text}'`}`, () => {
      assert.equal(selectedQuery(query, selected), text);
    });
  }

  test('does not depend on the order of names, and does on the order of one name’s values', () => {
    const pairs = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.string()), { maxLength: 6 });
    fc.assert(
      fc.property(pairs, (list) => {
        const text = (entries: [string, string][]) =>
          selectedQuery(new URLSearchParams(entries).toString(), ['a', 'b']);
        const grouped = [...list].sort(([left], [right]) => (left > right ? -1 : left < right ? 1 : 0));
        assert.equal(text(grouped), text(list));
        assert.deepEqual(
          [...new URLSearchParams(text(list))],
          ['a', 'b'].flatMap((name) => list.filter(([each]) => each === name)),
        );
      }),
    );
  });
});
