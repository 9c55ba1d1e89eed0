import { createEntity, deleteEntity, replaceEntity } from '../api/entities.ts';
import type { Entity } from '../api/entity.ts';
import { CallFailure } from '../api/failure.ts';
import type { NewChange } from '../outbox/change.ts';
import { noteDeletion, noteEntity } from './own-writes-store.ts';

/**
 * Has the platform carry out a change, and takes note of what it came to.
 * @returns the entity as it is now, unless it was deleted
 * @throws CallFailure
 */
export async function carryOut(
  change: Pick<NewChange, 'kind' | 'entityId' | 'input' | 'ifMatch' | 'idempotencyKey'>,
): Promise<Entity | undefined> {
  const { kind, entityId, input, ifMatch = 0, idempotencyKey } = change;
  if (kind === 'delete') {
    await deleteEntity(entityId, { ifMatch, idempotencyKey });
    noteDeletion(entityId, ifMatch);
    return undefined;
  }
  if (!input) throw new CallFailure('answer', 'The change holds nothing to send.');
  const { body } =
    kind === 'create'
      ? await createEntity(input, idempotencyKey)
      : await replaceEntity(entityId, input, { ifMatch, idempotencyKey });
  noteEntity(body, kind === 'create');
  return body;
}
