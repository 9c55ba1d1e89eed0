/** An entity as every interface shows it. Times are RFC 3339 in UTC; `version` starts at 1 and grows by 1 a change. */
export interface Entity {
  readonly id: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

/**
 * What a store knows of an id: the entity, or that there is none.
 * A deleted entity's version is its tombstone's, an id never seen has version 0.
 */
export interface Reading {
  readonly id: string;
  readonly version: number;
  readonly entity?: Entity;
}

/** One change of one entity, in the order of its versions; without an entity it is a deletion. */
export interface Change {
  readonly id: string;
  readonly version: number;
  readonly entity?: Entity;
}
