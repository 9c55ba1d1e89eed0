import type { Answered } from './call.ts';
import type { Entity, EntityInput, EntityPage } from './entity.ts';
import { send } from './send.ts';

/** How many entities a page of a list holds. */
export const pageSize = 20;

/** A page of the list, newest first, or of the entities of exactly one name. @throws CallFailure */
export function listEntities(
  { name, cursor }: { readonly name: string; readonly cursor: string | undefined },
  signal: AbortSignal,
): Promise<Answered<EntityPage>> {
  const query = {
    limit: pageSize,
    ...(name === '' ? {} : { name }),
    ...(cursor === undefined ? {} : { cursor }),
  };
  return send({ method: 'GET', path: '/api/v1/data', query, signal });
}

/** Where an entity is read: through every cache, or past all of them from the system of record. */
export type ReadSource = 'data' | 'secure';

/** One entity. @throws CallFailure */
export function readEntity(source: ReadSource, id: string, signal?: AbortSignal): Promise<Answered<Entity>> {
  return send({ method: 'GET', path: `/api/v1/${source}/${encodeURIComponent(id)}`, signal });
}

/** Creates an entity; the key makes it one, however often it is sent. @throws CallFailure */
export function createEntity(input: EntityInput, idempotencyKey: string): Promise<Answered<Entity>> {
  return send({ method: 'POST', path: '/api/v1/secure', body: input, idempotencyKey });
}

/** What a change of one entity is conditional on, and its key. */
export interface ChangeOptions {
  readonly ifMatch: number;
  readonly idempotencyKey: string;
}

/** Replaces an entity that still has a version. @throws CallFailure, with status 412 when it has another */
export function replaceEntity(
  id: string,
  input: EntityInput,
  options: ChangeOptions,
): Promise<Answered<Entity>> {
  return send({ method: 'PUT', path: `/api/v1/secure/${encodeURIComponent(id)}`, body: input, ...options });
}

/** Deletes an entity that still has a version. @throws CallFailure, with status 412 when it has another */
export function deleteEntity(id: string, options: ChangeOptions): Promise<Answered<unknown>> {
  return send({ method: 'DELETE', path: `/api/v1/secure/${encodeURIComponent(id)}`, ...options });
}
