import { readEntity } from '../api/entities.ts';
import type { Entity } from '../api/entity.ts';
import { CallFailure, isStatus, isUnanswered } from '../api/failure.ts';
import type { NewChange } from '../outbox/change.ts';
import { keepChange } from '../outbox/keep-change.ts';
import { carryOut } from './carry-out.ts';
import { noteDeletion, noteEntity } from './own-writes-store.ts';

/** What came of a write. */
export type Written =
  /** It is carried out; the entity as it is now, unless it was deleted. */
  | { readonly kind: 'done'; readonly entity: Entity | undefined }
  /** Nobody answered: it waits on this device. */
  | { readonly kind: 'kept' }
  /** Somebody else has changed the entity meanwhile, to this. */
  | { readonly kind: 'changed'; readonly theirs: Entity }
  /** Somebody else has deleted the entity meanwhile. */
  | { readonly kind: 'gone' };

/** Writes now, or keeps the write until the platform can be reached. @throws CallFailure when it is refused */
export async function write(change: Omit<NewChange, 'id' | 'sent'>): Promise<Written> {
  const { kind, entityId, base } = change;
  try {
    return { kind: 'done', entity: await carryOut(change) };
  } catch (failure) {
    if (isUnanswered(failure)) {
      const sent = !(failure instanceof CallFailure && failure.kind === 'offline');
      await keepChange({ ...change, id: crypto.randomUUID(), sent });
      return { kind: 'kept' };
    }
    if (kind !== 'create' && isStatus(failure, 404)) {
      noteDeletion(entityId, base?.version ?? 0);
      return { kind: 'gone' };
    }
    if (!isStatus(failure, 412)) throw failure;
    const theirs = (await readEntity('secure', entityId)).body;
    noteEntity(theirs, false);
    return { kind: 'changed', theirs };
  }
}
