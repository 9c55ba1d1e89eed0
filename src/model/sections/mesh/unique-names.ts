import { type Complaint, rule } from '../../mesh/schema.ts';

/** A rule that no two entries of a list have the same name, as the arguments of `superRefine`. */
export const uniqueNames = rule(function* (entries): Iterable<Complaint> {
  const seen = new Set<string>();
  for (const [index, entry] of Object.values(entries).entries()) {
    const name = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'name') : undefined;
    if (typeof name !== 'string') continue;
    if (seen.has(name))
      yield { path: [index, 'name'], found: name, allowed: 'a name that no other route has' };
    seen.add(name);
  }
});
