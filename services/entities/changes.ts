import { createHash } from 'node:crypto';
import type { Change, Entity } from '../../src/data/entity.ts';
import { checkEntity, type EntityFields } from '../../src/data/entity-rules.ts';
import { mergeObject } from '../../src/data/merge-patch.ts';
import type { ChangeOutcome, Condition, EntityChanges } from '../../src/data/relational/changes.ts';
import type { StoredAnswer } from '../../src/data/relational/idempotency.ts';
import type { EntityStore } from '../../src/data/relational/store.ts';
import { StrataError } from '../../src/kernel/errors.ts';
import { InvalidRequest } from '../http/problem.ts';
import { pointerTo } from '../http/validation.ts';
import { entityTag, strongVersions, type VersionCondition } from './entity-tag.ts';

/** What a caller asks to be changed: one of the four writes of the API, checked by its schema. */
export type Write =
  | { readonly kind: 'create'; readonly fields: EntityFields }
  | {
      readonly kind: 'replace';
      readonly id: string;
      readonly fields: EntityFields;
      readonly condition: IfMatch;
    }
  | { readonly kind: 'patch'; readonly id: string; readonly patch: EntityPatch; readonly condition: IfMatch }
  | { readonly kind: 'remove'; readonly id: string; readonly condition: IfMatch };

type IfMatch = VersionCondition | undefined;

/** A JSON merge patch of an entity (RFC 7396). */
export interface EntityPatch {
  readonly name?: string | undefined;
  readonly attributes?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Makes a request safe to repeat. */
export interface Repetition {
  readonly principal: string;
  readonly key: string;
}

/** What is answered to a write, and the change it made unless it was made before. */
export interface Written {
  readonly answer: StoredAnswer;
  readonly change?: Change;
}

/**
 * Makes a change in the system of record, at most once where a key says so.
 * @param maxAttributes bytes
 * @throws StrataError entity-unknown, precondition-failed, idempotency-key-reused, idempotency-key-in-flight,
 *   database-unavailable; InvalidRequest when a patched entity breaks a rule. Nothing is changed then.
 */
export async function write(
  store: EntityStore,
  request: Write,
  { maxAttributes, repetition }: { maxAttributes: number; repetition?: Repetition | undefined },
): Promise<Written> {
  if (!repetition) return perform(store, request, maxAttributes);
  let change: Change | undefined;
  const once = { ...repetition, fingerprint: fingerprintOf(request) };
  const result = await store.once(once, async (changes) => {
    const written = await perform(changes, request, maxAttributes);
    change = written.change;
    return written.answer;
  });
  if (result.outcome === 'mismatch') throw new StrataError('idempotency-key-reused');
  if (result.outcome === 'in-flight') throw new StrataError('idempotency-key-in-flight');
  return change && result.outcome === 'done' ? { answer: result.answer, change } : { answer: result.answer };
}

async function perform(changes: EntityChanges, request: Write, maxAttributes: number): Promise<Written> {
  switch (request.kind) {
    case 'create': {
      const created = await changes.create(request.fields);
      if (created.outcome !== 'done') throw new Error('the database gave an id that is taken');
      return shown(201, created.entity, { location: `/api/v1/secure/${created.entity.id}` });
    }
    case 'replace': {
      const { id, fields } = request;
      const { entity } = await conditional(request, (condition) => changes.replace(id, fields, condition));
      return shown(200, entity);
    }
    case 'patch': {
      const { id, patch } = request;
      const patched = (entity: Entity) => patchedFields(entity, patch, maxAttributes);
      const { entity } = await conditional(request, (condition) => changes.merge(id, patched, condition));
      return shown(200, entity);
    }
    case 'remove': {
      const { id } = request;
      const { version } = await conditional(request, (condition) => changes.remove(id, condition));
      return { answer: { status: 204, headers: {}, body: '' }, change: { id, version } };
    }
  }
}

function shown(status: number, entity: Entity, headers: Record<string, string> = {}): Written {
  return {
    answer: {
      status,
      headers: { etag: entityTag(entity.version), ...headers },
      body: JSON.stringify(entity),
    },
    change: { id: entity.id, version: entity.version, entity },
  };
}

/**
 * Makes a change under an If-Match, which may name several versions though the store asks for one: what the entity
 * has when the first does not fit decides whether another does. A condition on a missing entity is not looked at, as
 * the answer would be 404 without it (RFC 9110, section 13.2.1).
 */
async function conditional<Done extends { readonly outcome: 'done' }>(
  { id, condition }: { id: string; condition: IfMatch },
  change: (condition: Condition) => Promise<ChangeOutcome<Done>>,
): Promise<Done> {
  const versions =
    condition === undefined || condition === '*' ? undefined : new Set(strongVersions(condition));
  // No entity has version 0: a condition that nothing can meet.
  let ifVersion = versions ? (versions.values().next().value ?? 0) : undefined;
  for (;;) {
    const result = await change({ ifVersion });
    if (isDone(result)) return result;
    if (result.outcome === 'missing') throw new StrataError('entity-unknown', { id });
    // A version only grows: each is tried once, so this ends.
    versions?.delete(ifVersion ?? 0);
    if (!versions?.has(result.version)) throw new StrataError('precondition-failed', { id });
    ifVersion = result.version;
  }
}

function isDone<Done extends { readonly outcome: 'done' }>(result: ChangeOutcome<Done>): result is Done {
  return result.outcome === 'done';
}

function patchedFields(entity: Entity, patch: EntityPatch, maxAttributes: number): EntityFields {
  const attributes = patch.attributes === null ? {} : mergedAttributes(entity, patch.attributes);
  const fields = { name: patch.name ?? entity.name, attributes };
  const problems = checkEntity(fields, maxAttributes);
  if (problems.length > 0) {
    throw new InvalidRequest(
      problems.map(({ path, message }) => ({
        pointer: pointerTo(path.split('/').slice(1)),
        detail: message,
      })),
    );
  }
  return fields;
}

function mergedAttributes(entity: Entity, patch: EntityPatch['attributes']): EntityFields['attributes'] {
  return patch === undefined || patch === null ? entity.attributes : mergeObject(entity.attributes, patch);
}

/** Tells requests under one key apart: what is asked for, of what, and on which condition. */
function fingerprintOf(request: Write): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('base64url');
}
