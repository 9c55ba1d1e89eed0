/**
 * The selected parameters of a query in one form: sorted by name, values of one name in the order they came, decoded
 * as a form (`+` is a space) and encoded again. What is not selected is left out: it is no part of the key and so must
 * not reach what is stored under it. Undefined when a selected parameter is not well-formed.
 */
export function selectedQuery(query: string, selected: readonly string[]): string | undefined {
  if (query === '' || selected.length === 0) return '';
  const found: { readonly name: string; readonly text: string }[] = [];
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals));
    if (name === undefined || !selected.includes(name)) continue;
    const value = equals < 0 ? '' : decoded(pair.slice(equals + 1));
    if (value === undefined) return undefined;
    found.push({ name, text: `${encodeURIComponent(name)}=${encodeURIComponent(value)}` });
  }
  found.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
  return found.map(({ text }) => text).join('&');
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.includes('+') ? text.replaceAll('+', ' ') : text);
  } catch {
    return undefined;
  }
}
