import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  formatDuration,
  formatPercent,
  formatSize,
  parseDuration,
  parsePercent,
  parseRate,
  parseSize,
} from '../../src/kernel/units.ts';

describe('units are written as a person says them', () => {
  test('durations become milliseconds', () => {
    const cases = {
      '60s': 60_000,
      '5m': 300_000,
      '1h': 3_600_000,
      '2000ms': 2000,
      '1.5s': 1500,
      '0s': 0,
      '2d': 172_800_000,
    };
    for (const [text, ms] of Object.entries(cases)) assert.equal(parseDuration(text), ms, text);
  });

  test('sizes are binary multiples', () => {
    assert.equal(parseSize('256KB'), 262_144);
    assert.equal(parseSize('10MB'), 10_485_760);
    assert.equal(parseSize('512B'), 512);
  });

  test('rates become events a second', () => {
    assert.equal(parseRate('1000/s'), 1000);
    assert.equal(parseRate('60/m'), 1);
  });

  test('percentages become fractions', () => {
    assert.equal(parsePercent('99.95%'), 0.9995);
    assert.equal(formatPercent(0.9995), '99.95%');
  });

  test('what is no unit is refused, not guessed', () => {
    for (const text of [
      '',
      '60',
      's',
      '-1s',
      '1 s',
      '60S',
      '1e3s',
      'Infinitys',
      `${'9'.repeat(400)}s`,
      '60s\n',
    ]) {
      assert.equal(parseDuration(text), undefined, JSON.stringify(text));
    }
    for (const text of ['10', '10mb', 'MB', '1TB']) assert.equal(parseSize(text), undefined, text);
    for (const text of ['1000', '1000 RPS', '/s', '1000/d']) assert.equal(parseRate(text), undefined, text);
  });

  test('whatever is formatted parses to the same value', () => {
    fc.assert(
      fc.property(fc.nat(), (value) => {
        assert.equal(parseDuration(formatDuration(value)), value);
        assert.equal(parseSize(formatSize(value)), value);
      }),
    );
  });
});
