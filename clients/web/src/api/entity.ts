/** What of an entity is written. */
export interface EntityInput {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** An entity as the platform answers it. */
export interface Entity extends EntityInput {
  readonly id: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Grows with each change; the entity tag. */
  readonly version: number;
}

/** A page of a list, newest first. */
export interface EntityPage {
  readonly items: readonly Entity[];
  /** Asks for the next page; absent from the last. */
  readonly cursor?: string;
}
