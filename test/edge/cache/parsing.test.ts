import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageValue } from '../../../src/edge/cache/age.ts';
import {
  isUnqualified,
  parseDirectives,
  qualifiedFields,
  secondsOf,
} from '../../../src/edge/cache/directives.ts';
import { linesOf, membersOf } from '../../../src/edge/cache/fields.ts';
import { parseHttpDate } from '../../../src/edge/cache/http-date.ts';
import { parseDictionary } from '../../../src/edge/cache/structured-dictionary.ts';

const now = Date.UTC(2026, 10, 23);
const known = Date.UTC(1994, 10, 6, 8, 49, 37);

test('an HTTP-date is read in its three formats (RFC 9110, 5.6.7)', () => {
  assert.equal(parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT', now), known);
  assert.equal(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT', now), known);
  assert.equal(parseHttpDate('Sun Nov  6 08:49:37 1994', now), known);
  assert.equal(parseHttpDate('Thu Aug 18 02:01:18 2050', now), Date.UTC(2050, 7, 18, 2, 1, 18));
});

test('a two-digit year more than 50 years ahead is in the last century (RFC 9110, 5.6.7)', () => {
  assert.equal(parseHttpDate('Thursday, 18-Aug-76 02:01:18 GMT', now), Date.UTC(2076, 7, 18, 2, 1, 18));
  assert.equal(parseHttpDate('Thursday, 18-Aug-77 02:01:18 GMT', now), Date.UTC(1977, 7, 18, 2, 1, 18));
});

test('case does not matter in a date (RFC 9111, 4.2)', () => {
  assert.equal(parseHttpDate('SUN, 06 nov 1994 08:49:37 gmt', now), known);
});

for (const text of [
  '0',
  'Sun, 06 Nov 1994 08:49:37 UTC',
  'Sun, 06 Nov 1994 08:49:37 +0000',
  'Sun, 06 Nov 94 08:49:37 GMT',
  'Sun 06 Nov 1994 08:49:37 GMT',
  'Sun, 06  Nov 1994 08:49:37 GMT',
  'Sun, 06-Nov-1994 08:49:37 GMT',
  'Sun, 06 Nov 1994 08.49.37 GMT',
  'Sun, 06 Nov 1994 8:49:37 GMT',
  'Sun, 31 Feb 1994 08:49:37 GMT',
  'Sun, 06 Nov 1994 24:49:37 GMT',
  'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
]) {
  test(`'${text}' is no HTTP-date`, () => assert.equal(parseHttpDate(text, now), undefined));
}

test('directives are read exactly (RFC 9111, 5.2)', () => {
  const seconds = (value: string, name = 'max-age') => secondsOf(parseDirectives([value]), name);
  assert.equal(seconds('max-age=60'), 60);
  assert.equal(seconds('MaX-AgE=60'), 60);
  assert.equal(seconds('max-age="60"'), 60);
  assert.equal(seconds('max-age=0060'), 60);
  assert.equal(seconds('max-age=99999999999'), 2_147_483_648);
  assert.equal(seconds('extension="max-age=3600", max-age=1'), 1);
  assert.equal(seconds('a="\\", max-age=9", max-age=2'), 2);
  assert.equal(seconds('public'), undefined);
});

for (const value of [
  "max-age='60'",
  'max-age=-60',
  'max-age=60.0',
  'max-age=a60',
  'max-age=60a',
  'max-age =60',
  'max-age= 60',
  'max-age=',
  'max-age',
]) {
  test(`'${value}' is an invalid lifetime`, () =>
    assert.equal(secondsOf(parseDirectives([value]), 'max-age'), 'invalid'));
}

test('the first of a repeated directive counts, over lines too (RFC 9111, 4.2.1)', () => {
  assert.equal(secondsOf(parseDirectives(['max-age=1, max-age=9']), 'max-age'), 1);
  assert.equal(secondsOf(parseDirectives(['max-age=1', 'max-age=9']), 'max-age'), 1);
});

test('a qualified no-cache is about its fields, a bare one about all (RFC 9111, 5.2.2.4)', () => {
  const qualified = parseDirectives(['no-cache="Set-Cookie, X-A"']);
  assert.deepEqual(qualifiedFields(qualified, 'no-cache'), ['set-cookie', 'x-a']);
  assert.equal(isUnqualified(qualified, 'no-cache'), false);
  assert.equal(isUnqualified(parseDirectives(['no-cache']), 'no-cache'), true);
});

test('a malformed no-store still forbids', () => {
  assert.ok(parseDirectives(['no-store ="x']).has('no-store'));
});

test('Age is the first member of its list, and only digits (RFC 9111, 5.1)', () => {
  const age = (...lines: string[]) => ageValue(lines.flatMap((line) => ['Age', line])) / 1000;
  assert.equal(age('7200'), 7200);
  assert.equal(age('7200, 0'), 7200);
  assert.equal(age('0', '7200'), 0);
  assert.equal(age('99999999999'), 2_147_483_648);
  for (const ignored of ['abc', '-7200', '7200.0', '7200;a=b', '']) assert.equal(age(ignored), 0, ignored);
});

test('a field is found in any case and keeps its lines apart', () => {
  assert.deepEqual(linesOf(['Vary', 'a', 'X', '1', 'VARY', 'b'], 'vary'), ['a', 'b']);
  assert.deepEqual(membersOf(['a, , "b,c" , d', '', 'e']), ['a', '"b,c"', 'd', 'e']);
});

test('a dictionary of structured fields is read (RFC 9651, 4.2.2)', () => {
  const members = parseDictionary('max-age=3600, private;x=1, a=("b" c);d, s="q\\"", f=?0, d=1.5, *k=tok/en');
  assert.deepEqual(members?.get('max-age'), { type: 'integer', value: 3600 });
  assert.deepEqual(members?.get('private'), { type: 'boolean', value: true });
  assert.deepEqual(members?.get('s'), { type: 'string', value: 'q"' });
  assert.deepEqual(members?.get('f'), { type: 'boolean', value: false });
  assert.equal(members?.size, 7);
  assert.deepEqual(parseDictionary('a=1, a=2')?.get('a'), { type: 'integer', value: 2 });
  assert.equal(parseDictionary('')?.size, 0);
});

for (const text of [
  'max-age=10000, &&&&&',
  'MaX-aGe=1',
  'a =1',
  'a= 1',
  'a=1,',
  'a=1 b=2',
  'a="',
  'a=1.2345',
  'a=1234567890123456',
  'a=(1',
]) {
  test(`'${text}' is no dictionary`, () => assert.equal(parseDictionary(text), undefined));
}
