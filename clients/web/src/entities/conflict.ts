import type { EntityInput } from '../api/entity.ts';

/** One field in which two versions of an entity differ. */
export interface FieldConflict {
  /** `name`, or an attribute's key. */
  readonly field: FieldName;
  /** Undefined where a version does not have it. */
  readonly base: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
  /** Whose value there is no doubt about: the one side that changed it. */
  readonly settled: Side | undefined;
}

export type FieldName = { readonly kind: 'name' } | { readonly kind: 'attribute'; readonly key: string };

/** Whose value of a field is kept. */
export type Side = 'mine' | 'theirs';

/**
 * The fields in which my version and theirs differ, each with what it was when I began. Where only one of us changed a
 * field, that side is settled.
 */
export function conflictsOf(
  base: EntityInput,
  mine: EntityInput,
  theirs: EntityInput,
): readonly FieldConflict[] {
  const keys = [...new Set([base, mine, theirs].flatMap(({ attributes }) => Object.keys(attributes)))];
  const fields: FieldName[] = [{ kind: 'name' }, ...keys.map((key) => ({ kind: 'attribute', key }) as const)];
  return fields.flatMap((field) => {
    const values = { base: valueIn(base, field), mine: valueIn(mine, field), theirs: valueIn(theirs, field) };
    if (same(values.mine, values.theirs)) return [];
    const settled = same(values.base, values.mine)
      ? 'theirs'
      : same(values.base, values.theirs)
        ? 'mine'
        : undefined;
    return [{ field, ...values, settled }];
  });
}

/** Their version with my value in every field where mine was chosen. */
export function resolved(
  theirs: EntityInput,
  conflicts: readonly FieldConflict[],
  choiceOf: (conflict: FieldConflict) => Side,
): EntityInput {
  let name = theirs.name;
  const attributes = new Map(Object.entries(theirs.attributes));
  for (const conflict of conflicts) {
    if (choiceOf(conflict) === 'theirs') continue;
    const { field, mine } = conflict;
    if (field.kind === 'name') name = String(mine);
    else if (mine === undefined) attributes.delete(field.key);
    else attributes.set(field.key, mine);
  }
  return { name, attributes: Object.fromEntries(attributes) };
}

/** A key that tells fields apart. */
export function fieldKey(field: FieldName): string {
  return field.kind === 'name' ? 'name' : `attributes.${field.key}`;
}

function valueIn(entity: EntityInput, field: FieldName): unknown {
  if (field.kind === 'name') return entity.name;
  return Object.hasOwn(entity.attributes, field.key) ? entity.attributes[field.key] : undefined;
}

/** Whether two JSON values say the same; the order of an object's members says nothing. */
export function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(ordered(left)) === JSON.stringify(ordered(right));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .map(([key, member]) => [key, ordered(member)] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1));
}
