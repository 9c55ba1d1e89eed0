import fc from 'fast-check';

/** Values that do not belong where they stand. */
const strange = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    null,
    [],
    {},
    '',
    '*',
    1e308,
    -1,
    Number.MAX_SAFE_INTEGER,
    'constructor',
    '$X',
    '{{ .Values.x }}',
    '<X>',
    'x'.repeat(5_000),
  ),
);

/** A value of which some parts were replaced by others, or were left out. */
export function mutated<Value>(value: Value): fc.Arbitrary<Value> {
  const changes = fc.array(fc.tuple(fc.nat(10_000), fc.option(strange, { nil: undefined })), {
    minLength: 1,
    maxLength: 4,
  });
  return changes.map((all) =>
    all.reduce((whole, [index, change]) => {
      const places = placesIn(whole);
      const path = places[index % places.length] ?? [];
      return replaced(whole, path, change) as Value;
    }, value),
  );
}

function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, part]) => placesIn(part, [...path, key]));
  return path.length === 0 ? inner : [path, ...inner];
}

function replaced(value: unknown, path: readonly string[], change: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change;
  if (Array.isArray(value)) {
    return value.map((item, index) => (String(index) === key ? replaced(item, rest, change) : item));
  }
  if (typeof value !== 'object' || value === null) return change;
  return { ...value, [key]: replaced(Reflect.get(value, key), rest, change) };
}
