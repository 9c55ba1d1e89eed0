import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { importLimits } from '../../../src/mesh/import/limits.ts';
import { readSource } from '../../../src/mesh/import/source.ts';
import { yaml } from './imported.ts';

const read = (text: string) => readSource({ file: 'mesh.yaml', text });
const values = (text: string) => read(text).documents.map(({ value }) => value);

test('each document of a file is read, and every value is found again at its line', () => {
  const { documents, findings } = read(yaml`
    # a comment
    kind: Mesh
    spec:
      listeners:
        - port: 80
    ---
    kind: Other
    ---
  `);
  assert.deepEqual(findings, []);
  assert.deepEqual(
    documents.map(({ value }) => value),
    [{ kind: 'Mesh', spec: { listeners: [{ port: 80 }] } }, { kind: 'Other' }],
  );
  const [first, second] = documents;
  assert.deepEqual(first?.locate(['spec', 'listeners', 0, 'port']), {
    file: 'mesh.yaml',
    line: 5,
    path: 'spec.listeners[0].port',
  });
  assert.equal(first?.locate(['spec', 'listeners']).line, 4);
  assert.deepEqual(first?.locate(['spec', 'nothing', 'there']), { file: 'mesh.yaml', line: 3, path: 'spec' });
  assert.equal(second?.locate(['kind']).line, 7);
});

test('JSON is read with its lines, tabs and escapes', () => {
  const { documents } = read('{\n\t"a": [1,\n\t"\\u00e9\\/"]\n}');
  assert.deepEqual(documents[0]?.value, { a: [1, 'é/'] });
  assert.equal(documents[0]?.locate(['a', 1]).line, 3);
});

test("CloudFormation's short tags stand in their long form", () => {
  assert.deepEqual(values('a: !Ref X\nb: !GetAtt A.B\nc: !If [C, !Sub "x", { d: !Condition E }]'), [
    {
      a: { Ref: 'X' },
      b: { 'Fn::GetAtt': 'A.B' },
      c: { 'Fn::If': ['C', { 'Fn::Sub': 'x' }, { d: { Condition: 'E' } }] },
    },
  ]);
});

test('aliases and merge keys stand for what they mean', () => {
  const text = yaml`
    base: &base { port: 80, protocol: http }
    one: *base
    two: { <<: *base, port: 81 }
    three:
      <<: [{ port: 1 }, { port: 2, name: x }]
  `;
  const base = { port: 80, protocol: 'http' };
  assert.deepEqual(values(text), [
    { base, one: base, two: { port: 81, protocol: 'http' }, three: { port: 1, name: 'x' } },
  ]);
});

test('placeholders without quotes are texts, where YAML alone would not take them', () => {
  const { documents, findings } = read(`{ "port": \${PORT}, "name": {{ name }}, "other": "\${X}" }`);
  assert.deepEqual(findings, []);
  assert.deepEqual(documents[0]?.value, { port: `\${PORT}`, name: '{{ name }}', other: `\${X}` });
  assert.equal(documents[0]?.unquoted(['port']), true);
  assert.equal(documents[0]?.unquoted(['other']), false);
});

describe('what cannot be read is one error with its line', () => {
  const deep = importLimits.nesting + 5;
  const many = importLimits.values + 10;
  const cases: Readonly<Record<string, readonly [text: string, says: RegExp, line: number]>> = {
    'neither YAML nor JSON': ['a: 1\nb: [1\nc: 2', /neither YAML nor JSON/, 3],
    'an end that is missing': ['{ "a": 1', /neither YAML nor JSON/, 1],
    'a key that stands twice': [
      'a: 1\nb: 2\na: 3',
      /the key a stands here a second time, first on line 1/,
      3,
    ],
    'a key that stands twice in JSON': ['{"a": 1,\n"a": 2}', /the key a .* first on line 1/, 2],
    'the prototype as a key': ['a:\n  __proto__: { x: 1 }', /__proto__/, 2],
    'a list as a key': ['? [a]\n: 1', /a key has to be a text/, 1],
    'an alias of nothing': ['a: *nothing', /\*nothing stands for nothing/, 1],
    'an alias of itself': ['a: &a\n  b: *a', /\*a stands for nothing/, 2],
    'a merge of a text': ['a:\n  <<: x', /the merge key << takes a mapping/, 2],
    'binary data': ['a: \u0000\u0001', /binary data/, 1],
    'lists in lists in lists': [`a: ${'['.repeat(deep)}`, /nested more than/, 1],
    'mappings in mappings, a line each': [
      Array.from({ length: deep }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      /nested more than/,
      importLimits.nesting,
    ],
    'lists in lists on one line': ['- '.repeat(deep), /nested more than/, 1],
    'too many values': [`[${'1,'.repeat(many)}]`, /more than \d+ (values|words)/, 1],
    'a bomb of aliases': [
      Array.from(
        { length: 40 },
        (_, index) => `a${index}: &a${index} [${index === 0 ? 'x' : `*a${index - 1},`.repeat(9)}]`,
      ).join('\n'),
      /each alias counted with all it stands for/,
      7,
    ],
    'a bomb of merge keys': [
      [
        'a0: &a0 { x: 1 }',
        ...Array.from(
          { length: 40 },
          (_, index) =>
            `a${index + 1}: &a${index + 1} { <<: [${`*a${index},`.repeat(9)}], k${index}: *a${index} }`,
        ),
      ].join('\n'),
      /each alias counted with all it stands for/,
      14,
    ],
    'too many documents': ['---\na\n'.repeat(importLimits.documents + 1), /more than \d+ documents/, 2001],
    'a file that is too large': ['a'.repeat(importLimits.fileBytes + 1), /larger than 1 MiB/, 1],
  };
  for (const [name, [text, says, line]] of Object.entries(cases)) {
    test(name, () => {
      const started = performance.now();
      const { documents, findings } = read(text);
      assert.deepEqual(documents, []);
      assert.equal(findings.length, 1);
      assert.equal(findings[0]?.severity, 'error');
      assert.match(findings[0]?.message ?? '', says);
      assert.equal(findings[0]?.origin.line, line);
      assert.ok(performance.now() - started < 10_000);
    });
  }
});

test('names that every object has are keys like others', () => {
  const [value] = values('constructor: 1\ntoString: 2\nhasOwnProperty: 3\nprototype: 4') as Record<
    string,
    unknown
  >[];
  assert.deepEqual(Object.keys(value ?? {}), ['constructor', 'toString', 'hasOwnProperty', 'prototype']);
});

test('whatever a text is, reading it ends, in documents or in one finding', () => {
  const pieces = fc.constantFrom(
    'a',
    ': ',
    '- ',
    '\n',
    '  ',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    "'",
    '&a ',
    '*a ',
    '!Ref ',
    '!!binary ',
    '<<: ',
    '? ',
    '| ',
    '> ',
    '#',
    '%TAG ! x\n',
    '---\n',
    '...\n',
    '\t',
    `\${a}`,
    '{{a}}',
    '\uFEFF',
    '\u2028',
    '0x1',
    '1e999',
    '~',
  );
  const texts = fc.oneof(
    fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const { documents, findings } = read(text);
      assert.ok(findings.length <= 1 && (documents.length === 0 || findings.length === 0));
      for (const { line } of findings.map(({ origin }) => origin))
        assert.ok(line >= 1 && line <= text.split(/\r\n|\n|\r/).length + 1);
    }),
    { numRuns: 2_000 },
  );
});
