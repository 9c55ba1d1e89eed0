import type { Entity, Reading } from '../entity.ts';

/**
 * Where an answer came from: the cache as it stood (`hit`), the system of record through this read (`miss`),
 * or a read that somebody else had begun (`coalesced`).
 */
export type CacheSource = 'hit' | 'miss' | 'coalesced';

/**
 * What the cache knows of an entity. `body` is the entity's JSON as stored, ready to be sent without parsing it;
 * `reading` parses it when asked.
 */
export class CacheAnswer {
  readonly id: string;
  readonly version: number;
  /** UTF-8 JSON of the entity; absent when there is no such entity. */
  readonly body: Buffer | undefined;
  readonly source: CacheSource;

  constructor(id: string, version: number, body: Buffer | undefined, source: CacheSource) {
    this.id = id;
    this.version = version;
    this.body = body;
    this.source = source;
  }

  /** The entity's JSON as text; absent when there is no such entity. */
  get json(): string | undefined {
    return this.body?.toString('utf8');
  }

  /** The answer as the system of record would give it. */
  get reading(): Reading {
    const { id, version, body } = this;
    return body === undefined
      ? { id, version }
      : { id, version, entity: JSON.parse(body.toString('utf8')) as Entity };
  }
}
