/**
 * A query in its one form: parameters that mean something, sorted by name, the values of one name in the order they
 * came; escapes of characters that need none undone, others in upper case (RFC 3986, 6.2.2.2).
 * @param names of the parameters to keep
 */
export function canonicalQuery(query: string, names: 'all' | readonly string[]): string {
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => canonicalEscapes(pair))
    .map((text) => ({ text, name: text.split('=', 1)[0] ?? '' }))
    .filter(({ name }) => names === 'all' || names.includes(name));
  return pairs
    .sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0))
    .map(({ text }) => text)
    .join('&');
}

/** What is no escape stays as it is. */
function canonicalEscapes(text: string): string {
  return text.replace(/%[0-9A-Fa-f]{2}/g, (written) => {
    const character = String.fromCharCode(Number.parseInt(written.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : written.toUpperCase();
  });
}
