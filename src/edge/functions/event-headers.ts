import type { FieldLines } from '../cache/fields.ts';
import type { EventHeaders } from './event.ts';
import { textOf, wireOf } from './event-text.ts';
import { isDisallowed } from './restricted-headers.ts';

/** Header fields as a function sees them: without those it has no business with. */
export function eventHeaders(lines: FieldLines): EventHeaders {
  const headers: EventHeaders = {};
  for (let index = 0; index + 1 < lines.length; index += 2) {
    const key = lines[index] ?? '';
    const name = key.toLowerCase();
    // A name that is also a property every object has is not one a list can be found by.
    if (isDisallowed(name) || name === '__proto__') continue;
    const line = { key, value: textOf(lines[index + 1] ?? '') };
    const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (before) before.push(line);
    else headers[name] = [line];
  }
  return headers;
}

/**
 * The field lines after a function: what it did not touch stays as it came, byte for byte and in its order, also what
 * it never saw; what it changed or added follows.
 */
export function changedLines(lines: FieldLines, given: EventHeaders, returned: EventHeaders): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < lines.length; index += 2) {
    const name = (lines[index] ?? '').toLowerCase();
    const seen = Object.hasOwn(given, name);
    if (!seen || !isChanged(name, given, returned)) {
      kept.push(lines[index] ?? '', lines[index + 1] ?? '');
    }
  }
  for (const [name, values] of Object.entries(returned)) {
    if (!isChanged(name, given, returned)) continue;
    for (const { key, value } of values) kept.push(key ?? capitalized(name), wireOf(value));
  }
  return kept;
}

/** Whether a function changed, added or removed the values of a field. @param name in lower case */
export function isChanged(name: string, given: EventHeaders, returned: EventHeaders): boolean {
  const before = Object.hasOwn(given, name) ? (given[name] ?? []) : [];
  const after = Object.hasOwn(returned, name) ? (returned[name] ?? []) : [];
  return before.length !== after.length || after.some(({ value }, index) => value !== before[index]?.value);
}

/** The vendor's form of a name whose `key` the function left out: `X-Device-Class`. */
function capitalized(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}
