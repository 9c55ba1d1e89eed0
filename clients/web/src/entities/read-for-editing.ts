import { readEntity } from '../api/entities.ts';
import type { Entity } from '../api/entity.ts';
import { isUnanswered } from '../api/failure.ts';

/**
 * An entity as the system of record has it, or, when that cannot be reached, as it was last seen on this device: an
 * edit of that is sent later under the version that was seen. @throws CallFailure
 */
export async function readForEditing(id: string, signal: AbortSignal): Promise<Entity> {
  try {
    return (await readEntity('secure', id, signal)).body;
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    return (await readEntity('data', id, signal)).body;
  }
}
