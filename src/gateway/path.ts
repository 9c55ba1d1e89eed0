/** A path whose canonical form is itself: RFC 3986 segment characters only, no escapes, no dot at a segment's start. */
const plain = /^(?:\/(?:[\w~!$&'()*+,;=:@-][\w.~!$&'()*+,;=:@-]*)?)+$/;

/**
 * The canonical form of a request's path: each segment decoded once and encoded again, so that one resource has one
 * name for routes, cache keys and the service. Undefined when it has none: a malformed escape, a control character,
 * an encoded slash or backslash, or a dot segment, which could lead out of the matched route (RFC 3986, 3.3 and 6.2.2).
 */
export function canonicalPath(path: string): string | undefined {
  if (plain.test(path)) return path;
  if (!path.startsWith('/')) return undefined;
  const segments = path.slice(1).split('/').map(canonicalSegment);
  return segments.includes(undefined) ? undefined : `/${segments.join('/')}`;
}

function canonicalSegment(segment: string): string | undefined {
  if (!/^(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*$/.test(segment)) return undefined;
  const decoded = decoded8(segment);
  if (decoded === undefined || decoded === '.' || decoded === '..') return undefined;
  for (const character of decoded) {
    if (character < ' ' || character === '\u007f' || character === '/' || character === '\\')
      return undefined;
  }
  return encodeURIComponent(decoded).replace(/%(?:24|26|2B|2C|3B|3D|3A|40)/g, decodeURIComponent);
}

/** Percent-decoding as UTF-8, or undefined when it is none. */
function decoded8(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
