/** Names and values in turn, as pairs. */
export function pairsOf(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2)
    pairs.push([raw[index] ?? '', raw[index + 1] ?? '']);
  return pairs;
}

/** All values of each name, in the order they came. */
export function grouped(pairs: Iterable<[string, string]>): Record<string, string[]> {
  const groups: Record<string, string[]> = Object.create(null);
  for (const [name, value] of pairs) {
    const group = groups[name];
    if (group) group.push(value);
    else groups[name] = [value];
  }
  return groups;
}

/** One value a name; of several the last, as the vendor does. */
export function last(pairs: Iterable<[string, string]>): Record<string, string> {
  const single: Record<string, string> = Object.create(null);
  for (const [name, value] of pairs) single[name] = value;
  return single;
}
