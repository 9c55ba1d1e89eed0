import type { Entity, EntityInput } from '../api/entity.ts';

/** A change that waits to be sent, or to be decided about. */
export interface WaitingChange {
  readonly id: string;
  /** Grows; changes are sent in this order. */
  readonly position: number;
  /** Whose it is: nobody else sends it. */
  readonly subject: string;
  readonly kind: 'create' | 'replace' | 'delete';
  /** Of the entity; of one that is yet to be created, the id of the change that creates it. */
  readonly entityId: string;
  /** The entity as it was when the change was made; absent when it is created. */
  readonly base?: Entity;
  /** What it is to be; absent when it is deleted. */
  readonly input?: EntityInput;
  readonly ifMatch?: number;
  readonly idempotencyKey: string;
  /** Whether it may have reached the platform: then only the same request may be sent again. */
  readonly sent: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly madeAt: number;
  readonly state: 'waiting' | 'conflict' | 'refused';
  /** Why it was refused. */
  readonly reason?: string;
}

/** What makes a change before it has a place in the queue. */
export type NewChange = Omit<WaitingChange, 'position' | 'state' | 'madeAt'>;

/** What is to be written and removed so that a queue holds one more change. */
export interface QueueUpdate {
  readonly put: readonly WaitingChange[];
  readonly remove: readonly string[];
}

/**
 * Puts a change into a queue. A change of an entity whose earlier change was never sent becomes one with it: edits of
 * a new entity are part of its creation, a later edit replaces an earlier one and keeps its condition, and a deletion
 * takes both away where nobody else ever saw the entity.
 */
export function enqueued(queue: readonly WaitingChange[], change: NewChange, now: number): QueueUpdate {
  const position = Math.max(0, ...queue.map((other) => other.position)) + 1;
  const added: WaitingChange = { ...change, position, state: 'waiting', madeAt: now };
  const earlier = queue.findLast(
    ({ entityId, subject }) => entityId === change.entityId && subject === change.subject,
  );
  if (!earlier || earlier.sent || change.sent) return { put: [added], remove: [] };
  if (change.kind === 'delete') {
    if (earlier.kind === 'create') return { put: [], remove: [earlier.id] };
    return {
      put: [{ ...added, ...conditionOf(earlier) }],
      remove: [earlier.id],
    };
  }
  const merged = { ...earlier, kind: earlier.kind === 'delete' ? change.kind : earlier.kind } as const;
  return {
    put: [
      {
        ...merged,
        ...(change.input ? { input: change.input } : {}),
        idempotencyKey: change.idempotencyKey,
        state: 'waiting',
        madeAt: now,
      },
    ],
    remove: [],
  };
}

function conditionOf({ base, ifMatch }: WaitingChange): Pick<WaitingChange, 'base' | 'ifMatch'> {
  return { ...(base ? { base } : {}), ...(ifMatch === undefined ? {} : { ifMatch }) };
}

/** Later changes of an entity, made on top of one that the platform has now carried out: on what it became. */
export function rebased(
  queue: readonly WaitingChange[],
  done: WaitingChange,
  entity: Entity,
): readonly WaitingChange[] {
  return queue
    .filter(
      ({ id, entityId, position }) =>
        id !== done.id && entityId === done.entityId && position > done.position,
    )
    .map((change) => ({ ...change, entityId: entity.id, base: entity, ifMatch: entity.version }));
}
