import type { EventType } from '../../model/sections/access/edge-function.ts';
import type { EventHeaders } from './event.ts';
import { isChanged } from './event-headers.ts';
import { isMembers, require } from './invalid-result.ts';
import { functionLimits } from './limits.ts';
import { isDisallowed, notToBeAdded, readOnlyHeaders } from './restricted-headers.ts';

/** A field name (RFC 9110, section 5.1). */
const token = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
/** A field value: no control character but the tab (RFC 9110, section 5.5). */
const fieldValue = /^[\t -~\u0080-\u{10ffff}]*$/u;

/**
 * The header fields a function returned, by lower-case name.
 * @param given what it got; nothing when it made the answer itself
 * @throws InvalidResult when they are no header fields, or are not the function's to set
 */
export function resultHeaders(eventType: EventType, given: EventHeaders, returned: unknown): EventHeaders {
  require(returned === undefined || isMembers(returned), 'headers is not an object');
  const headers: EventHeaders = {};
  for (const [written, values] of Object.entries(returned ?? {})) {
    const name = written.toLowerCase();
    require(token.test(name) && name !== '__proto__', `headers has the name ${JSON.stringify(written)}`);
    require(Array.isArray(values), `headers.${name} is not a list`);
    const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
    headers[name] = [...(before ?? []), ...values.map((value) => line(name, value))];
  }
  checkChanges(eventType, given, headers);
  return headers;
}

function line(name: string, value: unknown): { key?: string; value: string } {
  const { key, value: text } = isMembers(value) ? value : {};
  require(typeof text === 'string', `headers.${name} has an entry without value`);
  require(fieldValue.test(text), `the value of ${name} has a control character`);
  if (key === undefined) return { value: text };
  require(typeof key === 'string' && key.toLowerCase() === name, `headers.${name} has another key`);
  return { key, value: text };
}

function checkChanges(eventType: EventType, given: EventHeaders, returned: EventHeaders): void {
  let size = 0;
  for (const [name, values] of Object.entries(returned)) {
    require(!isDisallowed(name), `${name} is not a function's to set`);
    if (!isChanged(name, given, returned)) continue;
    require(!notToBeAdded[eventType].includes(name), `${name} cannot be set at this event`);
    for (const { value } of values) size += name.length + value.length;
  }
  for (const name of readOnlyHeaders[eventType]) {
    require(!isChanged(name, given, returned), `${name} is read-only at this event`);
  }
  require(size <= functionLimits.changedHeaders, `changed header fields have ${size} characters`);
}
