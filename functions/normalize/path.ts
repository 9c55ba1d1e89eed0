/**
 * The canonical form of a path: each segment decoded once and encoded again, so that one resource has one name in
 * every cache. Undefined when it has none: a malformed escape, a control character, an encoded slash or backslash, or
 * a dot segment (RFC 3986, 3.3 and 6.2.2). The gateway's rule, so that both ends call a resource the same.
 */
export function canonicalPath(path: string): string | undefined {
  if (!path.startsWith('/')) return undefined;
  const segments = path.slice(1).split('/').map(canonicalSegment);
  return segments.includes(undefined) ? undefined : `/${segments.join('/')}`;
}

function canonicalSegment(segment: string): string | undefined {
  if (!/^(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*$/.test(segment)) return undefined;
  const decoded = decodedOnce(segment);
  if (decoded === undefined || decoded === '.' || decoded === '..') return undefined;
  for (const character of decoded) {
    if (character < ' ' || character === '\u007f' || character === '/' || character === '\\')
      return undefined;
  }
  return encodeURIComponent(decoded).replace(/%(?:24|26|2B|2C|3B|3D|3A|40)/g, decodeURIComponent);
}

/** Percent-decoding as UTF-8, or undefined when it is none. */
function decodedOnce(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
