import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import {
  entityIn,
  problemIn,
  type Send,
  type Sent,
  startEngines,
  startServices,
  suiteLifetime,
} from './platform.ts';

/** One request that must be refused: what it is, what is sent, the status, the code, and the places that are named. */
type Case = readonly [
  title: string,
  method: string,
  path: string,
  sent: Sent,
  status: number,
  code: string,
  places?: readonly string[],
];

const editor = { role: 'editor' } as const;
const id = randomUUID();
const secure = '/api/v1/secure';
const one = `${secure}/${id}`;
const long = (characters: number) => 'é'.repeat(characters);
const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });
const json = (text: string | Buffer, type = 'application/json'): Sent => ({
  ...editor,
  body: text,
  headers: { 'content-type': type },
});
const attributes = (text: string) => json(`{"name":"x","attributes":${text}}`);
const invalid = (title: string, sent: Sent, ...places: string[]): Case => [
  title,
  'POST',
  secure,
  sent,
  400,
  'request-invalid',
  places,
];
const query = (title: string, text: string, ...places: string[]): Case => [
  title,
  'GET',
  `/api/v1/data?${text}`,
  {},
  400,
  'request-invalid',
  places,
];
const nothing = (method: string, path: string): Case => [
  `${method} ${path} is nothing`,
  method,
  path,
  editor,
  404,
  'route-unknown',
];

const cases: readonly Case[] = [
  ['a body that is no JSON', 'POST', secure, json('{"name":'), 400, 'body-unreadable'],
  ['an empty body', 'POST', secure, json(''), 400, 'body-unreadable'],
  ['a body that is not UTF-8', 'POST', secure, json(Buffer.from([0x22, 0xff, 0x22])), 400, 'body-unreadable'],
  ['another content type', 'POST', secure, json('{}', 'text/plain'), 415, 'content-type-unsupported'],
  [
    'a merge patch to PUT',
    'PUT',
    one,
    json('{"name":"x"}', 'application/merge-patch+json'),
    415,
    'content-type-unsupported',
  ],
  [
    'a merge patch to POST',
    'POST',
    secure,
    json('{"name":"x"}', 'application/merge-patch+json'),
    415,
    'content-type-unsupported',
  ],
  [
    'a body over 1 MiB',
    'POST',
    secure,
    { ...editor, body: { name: 'x', attributes: { a: 'a'.repeat(1024 * 1024) } } },
    413,
    'body-too-large',
  ],
  invalid('a body that is no object', json('[1]'), '#'),
  invalid('no body', editor, '#'),
  invalid('no name', { ...editor, body: {} }, '#/name'),
  invalid('a name that is no string', { ...editor, body: { name: 1 } }, '#/name'),
  invalid('a name over 255 characters', { ...editor, body: { name: long(256) } }, '#/name'),
  invalid('an empty name', { ...editor, body: { name: '' } }, '#/name'),
  invalid('a name with a NUL', { ...editor, body: { name: 'a\0' } }, '#/name'),
  invalid('a name with a lone surrogate', json('{"name":"\\ud800"}'), '#/name'),
  invalid('unknown fields', { ...editor, body: { name: 'x', id, version: 1 } }, '#/id', '#/version'),
  invalid('a __proto__ beside the fields', json('{"name":"x","__proto__":{"role":"admin"}}'), '#/__proto__'),
  invalid('attributes that are a list', attributes('[]'), '#/attributes'),
  invalid('attributes that are null', attributes('null'), '#/attributes'),
  invalid(
    'attributes deeper than 30',
    { ...editor, body: { name: 'x', attributes: nested(31) } },
    `#/attributes${'/a'.repeat(30)}`,
  ),
  invalid(
    'attributes over 256 KB',
    { ...editor, body: { name: 'x', attributes: { a: 'a'.repeat(256 * 1024) } } },
    '#/attributes',
  ),
  invalid(
    'attributes over 256 KB in UTF-8',
    { ...editor, body: { name: 'x', attributes: { a: long(128 * 1024) } } },
    '#/attributes',
  ),
  invalid('a NUL in attributes', attributes('{"a":{"b/c":["\\u0000"]}}'), '#/attributes/a/b~1c/0'),
  invalid('a NUL in a key', attributes('{"a\\u0000":1}'), '#/attributes/a%EF%BF%BD'),
  invalid('a lone surrogate in attributes', attributes('{"a":"\\udc00"}'), '#/attributes/a'),
  invalid('a lone surrogate in a key', attributes('{"\\ud83d":1}'), '#/attributes/%EF%BF%BD'),
  invalid('a number out of range', attributes('{"a":1e400}'), '#/attributes/a'),
  invalid(
    'several mistakes at once',
    json('{"name":"","attributes":{"a":1e999},"x":1}'),
    '#/name',
    '#/attributes/a',
    '#/x',
  ),
  invalid(
    'an Idempotency-Key over 255',
    { ...editor, body: { name: 'x' }, headers: { 'idempotency-key': 'k'.repeat(256) } },
    'idempotency-key',
  ),
  invalid(
    'an empty Idempotency-Key',
    { ...editor, body: { name: 'x' }, headers: { 'idempotency-key': '' } },
    'idempotency-key',
  ),
  ['a patch that is no object', 'PATCH', one, json('[]'), 400, 'request-invalid', ['#']],
  ['a patch that removes the name', 'PATCH', one, json('{"name":null}'), 400, 'request-invalid', ['#/name']],
  [
    'a patch of attributes by a text',
    'PATCH',
    one,
    json('{"attributes":"x"}'),
    400,
    'request-invalid',
    ['#/attributes'],
  ],
  ['an id that is no UUID', 'GET', '/api/v1/data/7', {}, 400, 'request-invalid', ['id']],
  ['an id that is no UUID', 'DELETE', `${secure}/${id}0`, { role: 'admin' }, 400, 'request-invalid', ['id']],
  ['an id with a NUL', 'GET', '/api/v1/data/%00', {}, 400, 'request-invalid', ['id']],
  ['a path that is not percent-encoded', 'GET', '/api/v1/data/%zz', {}, 400, 'request-malformed'],
  query('a limit of 0', 'limit=0', 'limit'),
  query('a limit over 100', 'limit=101', 'limit'),
  query('a limit that is no number', 'limit=1e1', 'limit'),
  query('a limit given twice', 'limit=1&limit=2', 'limit'),
  query('a cursor given twice', 'cursor=a&cursor=a', 'cursor'),
  query('a cursor that is none', 'cursor=bogus', 'cursor'),
  query('an empty cursor', 'cursor=', 'cursor'),
  query('a name given twice', 'name=a&name=b', 'name'),
  query('an empty name', 'name=', 'name'),
  query('a name with a NUL', 'name=%00', 'name'),
  query('a name over 255', `name=${encodeURIComponent(long(256))}`, 'name'),
  query('unknown parameters', 'name=a&nome=b&__proto__=c', 'nome', '__proto__'),
  nothing('GET', '/api/v1/nothing'),
  nothing('GET', '/'),
  nothing('GET', '/API/v1/data'),
  nothing('GET', secure),
  nothing('POST', '/api/v1/data'),
  nothing('PUT', secure),
  nothing('HEAD', '/api/v1/data'),
];

describe('a bad request', () => {
  const lifetime = suiteLifetime();
  let send: Send;
  before(async () => {
    ({ send } = await startServices(lifetime, await startEngines(lifetime)));
  });

  for (const [title, method, path, sent, status, code, places] of cases) {
    test(`${title} is ${status} ${code}`, async () => {
      const answer = await send(method, path, sent);
      assert.equal(answer.status, status, answer.text);
      assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8');
      assert.equal(answer.headers['cache-control'], 'no-store');
      if (method === 'HEAD') return;
      const problem = problemIn(answer);
      assert.equal(problem.type, `urn:strata:problem:${code}`);
      assert.equal(problem.status, status);
      const named = problem.errors?.map((part) => part.pointer ?? part.parameter ?? part.header ?? '');
      assert.deepEqual(named?.toSorted(), places?.toSorted());
    });
  }

  test('what is just within the limits is taken', async () => {
    const bodies = [
      { name: long(255), attributes: nested(30) },
      { name: '😀'.repeat(255), attributes: { a: 'a'.repeat(256 * 1024 - 8) } },
    ];
    for (const body of bodies) {
      const answer = await send('POST', secure, { ...editor, body });
      assert.equal(answer.status, 201, answer.text);
      assert.deepEqual(entityIn(answer).attributes, body.attributes);
    }
  });

  test('a body that is refused is read to its end, so that the answer always arrives and the connection stays', async () => {
    const body = 'a'.repeat(8 * 1024 * 1024);
    for (const [type, status] of [
      ['application/json', 413],
      ['text/plain', 415],
    ] as const) {
      for (let count = 0; count < 10; count++) {
        const answer = await send('POST', secure, { ...editor, body, headers: { 'content-type': type } });
        assert.equal(answer.status, status);
        assert.notEqual(answer.headers.connection, 'close');
      }
    }
  });

  test('attributes may have any keys, and those stay data', async () => {
    const text = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1}';
    const created = await send('POST', secure, attributes(text));
    assert.equal(created.status, 201, created.text);
    const { id: stored } = entityIn(created);
    const patch = json('{"attributes":{"__proto__":{"more":{"deep":1}}}}', 'application/merge-patch+json');
    const patched = await send('PATCH', `${secure}/${stored}`, patch);
    assert.equal(patched.status, 200, patched.text);
    for (const path of [`${secure}/${stored}`, `/api/v1/data/${stored}`]) {
      const read = await send('GET', path, editor);
      assert.match(read.text, /"__proto__": ?\{"more": ?\{"deep": ?1\}, ?"polluted": ?true\}/);
      assert.equal(Object.getPrototypeOf(entityIn(read).attributes), Object.prototype);
    }
    assert.equal((await send('GET', '/api/v1/data?limit=1')).status, 200);
  });

  test('a patch may not make attributes too large', async () => {
    const half = 'a'.repeat(200 * 1024);
    const { id: stored } = entityIn(
      await send('POST', secure, { ...editor, body: { name: 'x', attributes: { a: half } } }),
    );
    const answer = await send('PATCH', `${secure}/${stored}`, {
      ...editor,
      body: { attributes: { b: half } },
    });
    assert.equal(answer.status, 400);
    assert.deepEqual(
      problemIn(answer).errors?.map((part) => part.pointer),
      ['#/attributes'],
    );
    assert.equal(entityIn(await send('GET', `${secure}/${stored}`, editor)).version, 1);
  });
});
