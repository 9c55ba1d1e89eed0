import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { arrivalOf } from '../../../clients/web/src/session/arrival.ts';

const origin = 'https://app.example';
const arrivingAt = (to: string) => arrivalOf(`${origin}/signed-in?${new URLSearchParams({ to })}`);

test('a sign-in leads on to the view it was begun at, with its query and fragment', () => {
  for (const to of ['/', '/entity?id=1&read=record', '/?name=a%20b', '/new#name'])
    assert.equal(arrivingAt(to), to);
  assert.equal(arrivalOf(`${origin}/signed-in`), '/');
  assert.equal(arrivalOf(`${origin}/signed-in/?to=%2Fnew`), '/new');
  assert.equal(arrivalOf(`${origin}/?to=%2Fnew`), undefined, 'no other address is an arrival');
});

test('what would lead elsewhere leads to the first page', () => {
  for (const to of [
    ...[
      '//evil.example',
      '//evil.example/new',
      '///evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      'https://evil.example',
    ],
    ...[
      '/\t/evil.example',
      '/\n/evil.example',
      '\t//evil.example',
      'javascript:alert(1)',
      'evil',
      '',
      '/\\/evil',
    ],
  ]) {
    assert.equal(arrivingAt(to), '/', JSON.stringify(to));
  }
  // Once its dots are resolved, such a path begins as the address of another host does.
  for (const to of ['/.//evil.example', '/a/..//evil.example', '/%2e//evil.example'])
    assert.equal(arrivingAt(to), '/evil.example', to);
});

test('whatever it says, one goes on at this origin', () => {
  const part = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    ':',
    '@',
    '%2f',
    '%5c',
    '\t',
    '\n',
    '\0',
    'evil.example',
    '／',
    'é',
  );
  const to = fc.oneof(
    fc.array(part, { maxLength: 7 }).map((parts) => parts.join('')),
    fc.array(fc.constantFrom('/', '.', 'evil'), { maxLength: 6 }).map((parts) => `/${parts.join('')}`),
    fc.string(),
  );
  fc.assert(
    fc.property(to, (named) => {
      const arrival = arrivingAt(named) ?? '';
      assert.match(arrival, /^\/(?![/\\])/);
      assert.equal(new URL(arrival, origin).origin, origin);
    }),
    { numRuns: 3_000 },
  );
});
