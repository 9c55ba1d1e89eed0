import { type FieldLines, filterFields, linesOf, membersOf } from './fields.ts';

/**
 * Fields of one connection or one hop, neither forwarded nor stored: RFC 9110, section 7.6.1, and RFC 9111,
 * section 3.1, which adds those that a proxy's authentication uses.
 */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Fields of a request that the edge answers itself, beyond those of the connection. */
const answeredHere = new Set(['expect', 'http2-settings']);

/** The fields of an answer that go on to the viewer and into the store. */
export function endToEnd(fields: FieldLines): string[] {
  const named = new Set(membersOf(linesOf(fields, 'connection')).map((option) => option.toLowerCase()));
  return filterFields(fields, (name) => !hopByHop.has(name) && !named.has(name));
}

/** The fields of a request that go on to the origin; Host is the origin's own. */
export function endToEndRequest(fields: FieldLines): string[] {
  return filterFields(endToEnd(fields), (name) => name !== 'host' && !answeredHere.has(name));
}
