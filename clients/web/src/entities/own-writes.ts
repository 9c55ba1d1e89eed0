import type { Entity, EntityPage } from '../api/entity.ts';

/**
 * What this device wrote and the platform acknowledged: an entity as it became, or its deletion. Lists come through
 * caches and may be older; until they are not, these go over them.
 */
export type OwnWrite =
  | { readonly kind: 'entity'; readonly entity: Entity; readonly created: boolean; readonly at: number }
  | { readonly kind: 'deleted'; readonly id: string; readonly version: number; readonly at: number };

/**
 * How long an answer may be behind a write, in milliseconds: 60 s in the gateway, 60 s at the edge, and an hour in
 * which the edge may answer with what it has while it asks again.
 */
export const staleness = (60 + 60 + 3_600) * 1_000;
const maxWrites = 200;

/** The writes with one more, without what it replaces and what no cache can be behind any more. */
export function withWrite(writes: readonly OwnWrite[], write: OwnWrite, now: number): readonly OwnWrite[] {
  const id = idOf(write);
  const before = writes.find((other) => idOf(other) === id);
  const created = write.kind === 'entity' && before?.kind === 'entity' && before.created;
  const next = created ? { ...write, created } : write;
  return [next, ...writes.filter((other) => idOf(other) !== id && now - other.at < staleness)].slice(
    0,
    maxWrites,
  );
}

/**
 * The entities of a list's pages with this device's writes over them: changed ones as they became, deleted ones gone,
 * created ones on top, and none twice.
 * @param name the list is of this name only; of any when empty
 */
export function withOwnWrites(
  pages: readonly EntityPage[],
  writes: readonly OwnWrite[],
  name: string,
): readonly Entity[] {
  const byId = new Map(writes.map((write) => [idOf(write), write]));
  const seen = new Set<string>();
  const listed = pages
    .flatMap(({ items }) => items)
    .filter(({ id }) => !seen.has(id) && seen.add(id))
    .map((entity) => latest(entity, byId.get(entity.id)))
    .filter((entity) => entity !== undefined);
  const missing = writes.flatMap((write) =>
    write.kind === 'entity' && !seen.has(write.entity.id) && (write.created || name !== '')
      ? [write.entity]
      : [],
  );
  return [...missing, ...listed].filter((entity) => name === '' || entity.name === name);
}

/** An entity, or what this device made of it since; undefined when that is nothing. */
export function latest(entity: Entity, write: OwnWrite | undefined): Entity | undefined {
  if (!write) return entity;
  if (write.kind === 'deleted') return undefined;
  return write.entity.version > entity.version ? write.entity : entity;
}

export function idOf(write: OwnWrite): string {
  return write.kind === 'entity' ? write.entity.id : write.id;
}
