/** A value of a template with its functions carried out, and where each part of it stood. */
export interface Evaluated {
  /** `absent` where the template says AWS::NoValue. */
  readonly value: unknown;
  /** The path in the document. */
  readonly path: readonly PropertyKey[];
  readonly parts: ReadonlyMap<PropertyKey, Evaluated>;
  /** Whether something could not be resolved, so that (part of) a text only stands in for the real one. */
  readonly standIn: boolean;
}

/** What AWS::NoValue leaves: nothing. */
export const absent: unique symbol = Symbol('AWS::NoValue');

/** A value without parts. */
export function leaf(value: unknown, path: readonly PropertyKey[], standIn = false): Evaluated {
  return { value, path, parts: noParts, standIn };
}

const noParts: ReadonlyMap<PropertyKey, Evaluated> = new Map();

/** A list of what is not absent. */
export function list(items: readonly Evaluated[], path: readonly PropertyKey[]): Evaluated {
  const present = items.filter(({ value }) => value !== absent);
  return {
    value: present.map(({ value }) => value),
    path,
    parts: new Map(present.entries()),
    standIn: false,
  };
}

/** An object of what is not absent. */
export function mapping(
  members: Iterable<readonly [string, Evaluated]>,
  path: readonly PropertyKey[],
): Evaluated {
  const present = [...members].filter(([, { value }]) => value !== absent);
  return {
    value: Object.fromEntries(present.map(([key, { value }]) => [key, value])),
    path,
    parts: new Map(present),
    standIn: false,
  };
}

/** Where the part at a path of the value stands in the document; the nearest part above when there is none. */
export function placeOf(root: Evaluated, path: readonly PropertyKey[]): readonly PropertyKey[] {
  let found = root;
  for (const key of path) {
    const part = found.parts.get(key);
    if (part === undefined) return found.path;
    found = part;
  }
  return found.path;
}
