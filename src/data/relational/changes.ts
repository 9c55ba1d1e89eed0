import type { Entity } from '../entity.ts';
import type { EntityFields } from '../entity-rules.ts';
import type { Transaction } from './query.ts';

/** On what a change of an entity depends. */
export interface Condition {
  /** Change it only while it has this version. */
  readonly ifVersion?: number | undefined;
}

/** What became of a change of an entity that was to be there. */
export type ChangeOutcome<Done> =
  | Done
  /** There is no such entity. */
  | { readonly outcome: 'missing' }
  /** It has another version than the condition asks for: this one. */
  | { readonly outcome: 'conflict'; readonly version: number };

/** The entity as it is after a change. */
export interface Changed {
  readonly outcome: 'done';
  readonly entity: Entity;
}

/** What became of a creation: an id that is taken has the version told. */
export type CreateOutcome = Changed | { readonly outcome: 'exists'; readonly version: number };

/** A deletion is a version of its own: the tombstone's. */
export interface Removed {
  readonly outcome: 'done';
  readonly version: number;
}

/** The ways to change an entity. Fields must have passed the entity rules. */
export interface EntityChanges {
  /** Creates an entity, with an id of the database's (UUID version 7: new ids are neighbours in the index) or the given. */
  create(fields: EntityFields, options?: { readonly id?: string | undefined }): Promise<CreateOutcome>;
  /** Replaces name and attributes. */
  replace(id: string, fields: EntityFields, condition?: Condition): Promise<ChangeOutcome<Changed>>;
  /**
   * Replaces them by what a function makes of the entity as it is, under a lock: nobody changes it in between.
   * The function may be called again when the transaction is repeated; what it throws ends the change.
   */
  merge(
    id: string,
    patch: (entity: Entity) => EntityFields,
    condition?: Condition,
  ): Promise<ChangeOutcome<Changed>>;
  /** Deletes it. */
  remove(id: string, condition?: Condition): Promise<ChangeOutcome<Removed>>;
}

/** The changes as part of a transaction. */
export function changesIn(transaction: Transaction): EntityChanges {
  return {
    async create({ name, attributes }, { id } = {}) {
      const json = JSON.stringify(attributes);
      const [created] = await transaction<[{ entity: Entity }?]>`
        INSERT INTO entities AS entity (id, name, attributes)
        VALUES (coalesce(${id ?? null}::uuid, uuidv7()), ${name}, ${json}::text::jsonb)
        ON CONFLICT (id) DO NOTHING RETURNING entity_json(entity) AS entity`;
      if (created) return { outcome: 'done', entity: created.entity };
      const [present] = await transaction<[{ version: string }?]>`
        SELECT version FROM entities WHERE id = ${id ?? null}::uuid`;
      // Deleted since: the version its deletion took is not needed to say that the id was taken.
      return { outcome: 'exists', version: Number(present?.version ?? 0) };
    },
    replace: (id, fields, condition) => change(transaction, id, () => fields, condition),
    merge: (id, patch, condition) => change(transaction, id, patch, condition),
    async remove(id, condition) {
      const held = await hold(transaction, id, condition);
      if (held.outcome !== 'done') return held;
      await transaction`DELETE FROM entities WHERE id = ${id}::uuid`;
      return { outcome: 'done', version: held.entity.version + 1 };
    },
  };
}

async function change(
  transaction: Transaction,
  id: string,
  fieldsOf: (entity: Entity) => EntityFields,
  condition: Condition | undefined,
): Promise<ChangeOutcome<Changed>> {
  const held = await hold(transaction, id, condition);
  if (held.outcome !== 'done') return held;
  const { name, attributes } = fieldsOf(held.entity);
  const [changed] = await transaction<[{ entity: Entity }]>`
    UPDATE entities AS entity SET name = ${name}, attributes = ${JSON.stringify(attributes)}::text::jsonb
    WHERE id = ${id}::uuid RETURNING entity_json(entity) AS entity`;
  return { outcome: 'done', entity: changed.entity };
}

/** Locks the entity until the transaction ends, when it is there and has the version asked for. */
async function hold(
  transaction: Transaction,
  id: string,
  { ifVersion }: Condition = {},
): Promise<ChangeOutcome<Changed>> {
  const [row] = await transaction<[{ entity: Entity }?]>`
    SELECT entity_json(entity) AS entity FROM entities AS entity WHERE id = ${id}::uuid FOR UPDATE`;
  if (!row) return { outcome: 'missing' };
  const { entity } = row;
  if (ifVersion !== undefined && entity.version !== ifVersion) {
    return { outcome: 'conflict', version: entity.version };
  }
  return { outcome: 'done', entity };
}
