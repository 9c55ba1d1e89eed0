/**
 * The path of a file in the origin folder that a request path names, relative and without a leading slash.
 * undefined for whatever must not reach the file system: an encoded slash, backslash or NUL, a `..`, a name that
 * starts with a dot, an empty segment, or an encoding that is none. A folder's page is its `index.html`, and what has
 * no dot in its last segment is a folder.
 */
export function filePathOf(requestPath: string): string | undefined {
  if (/%(?:2f|5c|00)/i.test(requestPath)) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(requestPath);
  } catch {
    return undefined;
  }
  if ([...path].some((character) => character < ' ' || character === '\\' || character === '\x7f'))
    return undefined;
  const last = path.slice(path.lastIndexOf('/') + 1);
  const file = last === '' ? `${path}index.html` : last.includes('.') ? path : `${path}/index.html`;
  const segments = file.split('/').slice(1);
  const safe = segments.every(
    (segment) => segment !== '' && !segment.startsWith('.') && segment.length <= 255,
  );
  return safe ? segments.join('/') : undefined;
}
