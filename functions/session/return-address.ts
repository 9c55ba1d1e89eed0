/** A longer one is refused; characters. */
const lengthLimit = 1024;

/**
 * Where a sign-in leads back to: the whole address of a path of this origin. Undefined of anything that a browser might
 * take for another host: `//host`, a backslash, a control character, a scheme.
 * Source: https://url.spec.whatwg.org/#concept-basic-url-parser
 */
export function returnAddress(path: string, origin: string): string | undefined {
  if (path.length > lengthLimit || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(path)) return undefined;
  const address = URL.parse(path, origin);
  return address?.origin === origin ? address.href : undefined;
}
