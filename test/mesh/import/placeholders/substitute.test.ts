import assert from 'node:assert/strict';
import { test } from 'node:test';
import { substitute } from '../../../../src/mesh/import/placeholders/substitute.ts';
import { documentsOf } from './documents.ts';
import { placeholder } from './placeholder.ts';

function filled(text: string, values: Readonly<Record<string, string>> = {}, file = 'front-vn.json') {
  const [document] = documentsOf({ [file]: text });
  assert.ok(document);
  const { value, unresolved, used } = substitute(document, new Map(Object.entries(values)));
  return { value, missing: unresolved.map(({ placeholder }) => placeholder.name), used: [...used] };
}

test('every form of a placeholder takes the value given for its name', () => {
  const { value, missing, used } = filled(
    `[ $A, "${placeholder('A')}", "x-$(A)-y", "<A1>", "{{ A }}", "{{A}}", "$A$A" ]`,
    { A: 'one', A1: 'two' },
  );
  assert.deepEqual(value, ['one', 'one', 'x-one-y', 'two', 'one', 'one', 'oneone']);
  assert.deepEqual(missing, []);
  assert.deepEqual(used, ['A', 'A1']);
});

test('a default stands where no value was given, and gives way to one that was', () => {
  const text = `a: ${placeholder('NAME:-front')}.${placeholder('ZONE-local')}`;
  assert.deepEqual(filled(text).value, { a: 'front.local' });
  assert.deepEqual(filled(text, { NAME: 'back' }).value, { a: 'back.local' });
});

test('a placeholder without quotes stands for a number where App Mesh has one, and for a text elsewhere', () => {
  const text =
    '{"portMapping":{"port": $PORT},"name": $PORT,"perRequest":{"unit":"s","value": $N},"attributes":[{"key":"k","value": $N}]}';
  assert.deepEqual(filled(text, { PORT: '8080', N: '15' }).value, {
    portMapping: { port: 8080 },
    name: '8080',
    perRequest: { unit: 's', value: 15 },
    attributes: [{ key: 'k', value: '15' }],
  });
});

test('a quoted placeholder stands for a number or a truth value where nothing else can stand', () => {
  assert.deepEqual(
    filled('{"weight": "$W", "enforce": "$E", "ports": ["$P", 81]}', { W: '3', E: 'false', P: '80' }).value,
    { weight: 3, enforce: false, ports: [80, 81] },
  );
});

test('a placeholder without quotes may stand for an object, for a list, or for several items of a list', () => {
  const target = '{"virtualNode":"a","weight":1}';
  assert.deepEqual(filled('{"tls": $TLS}', { TLS: '{"mode":"STRICT"}' }).value, { tls: { mode: 'STRICT' } });
  assert.deepEqual(filled('{"weightedTargets": $T}', { T: `[${target}]` }).value, {
    weightedTargets: [{ virtualNode: 'a', weight: 1 }],
  });
  assert.deepEqual(filled(`weightedTargets: [${placeholder('T')}]`, { T: `${target}, ${target}` }).value, {
    weightedTargets: [
      { virtualNode: 'a', weight: 1 },
      { virtualNode: 'a', weight: 1 },
    ],
  });
  assert.deepEqual(filled('{"a": "$TLS"}', { TLS: '{"mode":"STRICT"}' }).value, { a: '{"mode":"STRICT"}' });
});

test('a value given for a file goes before one for all, whether the file is named by its path, its name or its stem', () => {
  const text = '{"a": $A}';
  const of = (key: string) => filled(text, { A: 'all', [key]: 'one' }, 'mesh/front-vn.json').value;
  assert.deepEqual(of('mesh/front-vn.json:A'), { a: 'one' });
  assert.deepEqual(of('front-vn.json:A'), { a: 'one' });
  assert.deepEqual(of('front-vn:A'), { a: 'one' });
  assert.deepEqual(of('back-vn.json:A'), { a: 'all' });
});

test('a name without a value is filled in with a stand-in, the same everywhere', () => {
  const { value, missing } = filled(
    `a: ${placeholder('APP_NAMESPACE')}\nb: x.$APP_NAMESPACE.svc\nc: <your name>`,
  );
  assert.deepEqual(value, { a: 'app-namespace', b: 'x.app-namespace.svc', c: 'your-name' });
  assert.deepEqual(missing, ['APP_NAMESPACE', 'APP_NAMESPACE', 'your name']);
});

test('a name without a value is left as it stands where no text can stand', () => {
  const { value, missing } = filled(
    `{"port": $PORT, "weightedTargets": [${placeholder('T')}], "exact": [$SAN]}`,
  );
  assert.deepEqual(value, { port: '$PORT', weightedTargets: [placeholder('T')], exact: ['san'] });
  assert.deepEqual(missing, ['PORT', 'T', 'SAN']);
});

test('an ARN without a value is filled in with an ARN', () => {
  assert.deepEqual(
    filled('certificateArn: $CERT\nvirtualServiceARN: <VS_ARN>\ncertificateAuthorityArns: [$CA]').value,
    {
      certificateArn: 'arn:aws:acm:region:account:cert',
      virtualServiceARN: 'arn:aws:appmesh:region:account:mesh/mesh/virtualService/vs-arn',
      certificateAuthorityArns: ['arn:aws:acm:region:account:ca'],
    },
  );
});

test('what only looks like a placeholder is left alone', () => {
  const value = { regex: '^/a/(?P<id>[0-9]+)(?<x>y)$', path: '/a<b', price: '5$', log: '%REQ(:PATH)%\\n' };
  assert.deepEqual(filled(JSON.stringify(value)), { value, missing: [], used: [] });
});

test('no value is given to an expression of Helm', () => {
  const { missing } = filled('a: "{{ .Values.name }}"\nb: "{{ include \\"x\\" . }}"', {
    '.Values.name': 'x',
  });
  assert.deepEqual(missing, ['.Values.name', 'include "x" .']);
});

test('values are looked up among what was given alone', () => {
  assert.deepEqual(filled('a: $constructor\nb: $__proto__').missing, ['constructor', '__proto__']);
});
