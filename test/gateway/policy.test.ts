import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decide, matchesPattern, readPolicy } from '../../src/gateway/policy.ts';

const api = 'arn:aws:execute-api:local:000000000000:api/local';
const allow = (resource: unknown, more = {}) => ({
  Effect: 'Allow',
  Action: 'execute-api:Invoke',
  Resource: resource,
  ...more,
});
const deny = (resource: unknown, more = {}) => ({ ...allow(resource, more), Effect: 'Deny' });
const until = (time: string) => ({ Condition: { DateLessThan: { 'aws:CurrentTime': time } } });
const document = (...Statement: unknown[]) => ({ Version: '2012-10-17', Statement });

const now = Date.parse('2026-01-01T00:00:00Z');
const decisions: [what: string, policy: unknown, expected: string][] = [
  ['what a pattern covers is allowed', document(allow(`${api}/GET/*`)), 'allow'],
  ['what none covers is denied', document(allow(`${api}/POST/*`)), 'implicit-deny'],
  ['Deny wins before Allow', document(deny('*'), allow('*')), 'explicit-deny'],
  ['Deny wins after Allow', document(allow('*'), deny('*')), 'explicit-deny'],
  ['a Deny for something else does not', document(allow('*'), deny(`${api}/DELETE/*`)), 'allow'],
  ['one of several resources is enough', document(allow(['x', `${api}/GET/a/b`])), 'allow'],
  ['? is one character', document(allow(`${api}/GET/a/?`)), 'allow'],
  ['? is not none', document(allow(`${api}/GET/a/b?`)), 'implicit-deny'],
  ['a resource is case-sensitive', document(allow(`${api}/get/*`)), 'implicit-deny'],
  ['an action of another service is nothing', document(allow('*', { Action: 's3:*' })), 'implicit-deny'],
  ['an action may be a pattern', document(allow('*', { Action: ['execute-api:*'] })), 'allow'],
  ['a time to come holds', document(allow('*', until('2026-01-01T00:00:01Z'))), 'allow'],
  ['a time that is now has ended', document(allow('*', until('2026-01-01T00:00:00Z'))), 'lapsed'],
  [
    'a Deny that has ended denies nothing',
    document(allow('*'), deny('*', until('2025-01-01T00:00:00Z'))),
    'allow',
  ],
  ['one statement need not be a list', { Version: '2012-10-17', Statement: allow('*') }, 'allow'],
];

const malformed: [what: string, policy: unknown][] = [
  ['nothing', undefined],
  ['a text', JSON.stringify(document(allow('*')))],
  ['no statement', { Version: '2012-10-17' }],
  ['an empty list', document()],
  ['another version', { Version: '2008-10-17', Statement: [allow('*')] }],
  ['an effect in lower case', document({ ...allow('*'), Effect: 'allow' })],
  ['no resource', document(allow(undefined))],
  ['an empty list of resources', document(allow([]))],
  ['no action', document(allow('*', { Action: undefined }))],
  ['an element it does not know', document(allow('*', { NotAction: 'x' }))],
  [
    'an operator it does not know',
    document(allow('*', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } })),
  ],
  [
    'a key it does not know',
    document(allow('*', { Condition: { DateLessThan: { 'aws:Other': '2030-01-01' } } })),
  ],
  ['a time that is none', document(allow('*', until('soon')))],
];

describe('a policy', () => {
  for (const [what, policy, expected] of decisions) {
    test(what, () => {
      const read = readPolicy(policy);
      assert.ok(read);
      assert.equal(decide(read, `${api}/GET/a/b`, now), expected);
    });
  }
  for (const [what, policy] of malformed) {
    test(`is malformed with ${what}`, () => assert.equal(readPolicy(policy), undefined));
  }
});

test('a pattern matches as the regular expression of the same meaning does', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 12 });
  const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 8 });
  fc.assert(
    fc.property(patterns, letters, (pattern, text) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`);
      assert.equal(matchesPattern(pattern, text), expression.test(text));
    }),
  );
});
