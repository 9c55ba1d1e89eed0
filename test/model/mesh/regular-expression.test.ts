import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { regularExpression } from '../../../src/model/mesh/regular-expression.ts';

/** What is wrong with an expression; undefined when RE2 would take it. */
function wrong(expression: string): string | undefined {
  return regularExpression.safeParse(expression).error?.issues[0]?.message;
}

describe("a regular expression is one of RE2's", () => {
  const good = [
    '.*',
    '(?i)^/a|b$',
    '(?P<name>x)',
    '(?s-i:a.b)',
    '[(?=]',
    '\\Q(?=a)(\\E',
    '[[:alpha:]]+',
    '\\d{2,3}?',
    '\\\\1',
  ];
  for (const expression of good) test(`${expression} is`, () => assert.equal(wrong(expression), undefined));

  const lacking: readonly [string, string][] = [
    ['a(?!b)', 'lookaround'],
    ['(?<=a)b', 'lookaround'],
    ['(a)\\1', 'backreferences'],
    ['(?P<x>a)(?P=x)', 'backreferences'],
    ['a++', 'possessive matching'],
    ['(?>a)', 'possessive matching'],
    ['(a)(?(1)b)', 'conditions or recursion'],
  ];
  for (const [expression, construct] of lacking) {
    test(`${expression} is not`, () =>
      assert.equal(wrong(expression), `a regular expression without ${construct}, which RE2 does not have`));
  }

  for (const expression of ['(', 'a)', '[a', '*a', 'a{3,2}']) {
    test(`${expression} is not`, () =>
      assert.equal(wrong(expression), 'a regular expression whose brackets and repetitions are complete'));
  }
});
