import { isObject } from '../format.ts';
import type { Finding, Locate } from '../found-resource.ts';
import { itemsOf } from './object.ts';

/** A part of a custom resource in App Mesh's own words, and where its parts stand in the resource. */
export interface Converted {
  readonly value: unknown;
  readonly place: Place;
}

/** Where a value stands in its resource, and where what is in it stands. */
export interface Place {
  readonly path: readonly PropertyKey[];
  readonly parts: ReadonlyMap<PropertyKey, Place>;
}

/** The kinds that others name by reference. */
export type ReferableKind = 'VirtualNode' | 'VirtualService' | 'VirtualRouter' | 'VirtualGateway';

/** What a conversion needs to know, and whom it tells what it finds. */
export interface Conversion {
  readonly locate: Locate;
  /** What a reference's target is called in App Mesh; undefined, and told of, when it is no reference. */
  readonly nameOf: (kind: ReferableKind, reference: unknown, path: readonly PropertyKey[]) => unknown;
  readonly tell: (finding: Finding) => void;
}

/** How one part of a custom resource is brought into App Mesh's words. What has another form comes through as it is. */
export type Shape = (value: unknown, path: readonly PropertyKey[], conversion: Conversion) => Converted;

/** A member that has another name in App Mesh, or none because it is Kubernetes' own. */
export interface Renamed {
  readonly as: string | undefined;
  readonly shape: Shape;
}

/** A value that is the same in both. */
export const same: Shape = (value, path) => ({ value, place: { path, parts: new Map() } });

/** A member of Kubernetes' own, which App Mesh never sees. */
export const own: Renamed = { as: undefined, shape: same };

/** A member under another name. */
export function renamed(as: string, shape: Shape = same): Renamed {
  return { as, shape };
}

/** A reference by name, or by ARN, as the name of what it refers to. */
export function reference(kind: ReferableKind, as: string): Renamed {
  return renamed(as, (value, path, conversion) =>
    same(conversion.nameOf(kind, value, path), path, conversion),
  );
}

/** A list of things of one shape. */
export function list(item: Shape): Shape {
  return (value, path, conversion) => {
    if (!Array.isArray(value)) return same(value, path, conversion);
    const items = itemsOf(value).map((part, index) => item(part, [...path, index], conversion));
    return {
      value: items.map(({ value: part }) => part),
      place: { path, parts: new Map(items.map(({ place }, index) => [index, place])) },
    };
  };
}

/**
 * An object with these members. Of two members with one name in App Mesh the later one of the table counts. Null is
 * nothing, as it is to Kubernetes; a member that is not in the table is left out, as the controller left it out, and
 * told of.
 */
export function object(members: Readonly<Record<string, Shape | Renamed>>): Shape {
  const entries = Object.entries(members).map(([name, member]) =>
    typeof member === 'function' ? { name, as: name, shape: member } : { name, ...member },
  );
  const known = new Map(entries.map(({ name }) => [name.toLowerCase(), name]));
  return (value, path, conversion) => {
    if (!isObject(value)) return same(value, path, conversion);
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(members, name)) conversion.tell(unknownMember(name, path, known, conversion.locate));
    }
    const parts = new Map<string, Converted>();
    for (const { name, as, shape } of entries) {
      const part = Object.hasOwn(value, name) ? value[name] : undefined;
      if (as === undefined || part === undefined || part === null) continue;
      const converted = shape(part, [...path, name], conversion);
      if (converted.value !== undefined) parts.set(as, converted);
    }
    return {
      value: Object.fromEntries([...parts].map(([as, part]) => [as, part.value])),
      place: { path, parts: new Map([...parts].map(([as, part]) => [as, part.place])) },
    };
  };
}

/** Where a path of App Mesh's words stands in the resource it came from; as far as it stands there at all. */
export function placeAt(place: Place, path: readonly PropertyKey[]): readonly PropertyKey[] {
  let at = place;
  for (const [depth, key] of path.entries()) {
    const part = at.parts.get(key);
    if (part === undefined) return [...at.path, ...path.slice(depth)];
    at = part;
  }
  return at.path;
}

function unknownMember(
  name: string,
  path: readonly PropertyKey[],
  known: ReadonlyMap<string, string>,
  locate: Locate,
): Finding {
  const meant = known.get(name.toLowerCase());
  return {
    severity: 'warning',
    code: 'kubernetes-field-unknown',
    message: `${name} is no field of this resource; the controller took no notice of it, and it is left out`,
    origin: locate([...path, name]),
    remedy: meant === undefined ? 'Remove it.' : `Write ${meant} if it is meant to count.`,
  };
}
