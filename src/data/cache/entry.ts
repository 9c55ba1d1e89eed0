import type { Plan } from '../../model/plan.ts';
import type { Entity, Reading } from '../entity.ts';

/** What users of the cache need of its settings in the plan. */
export type CacheSettings = Omit<Plan['data']['cache'], 'memory'>;

/** Which rule keeps an entry: `h`ot, `s`tatic, or `m`issing (no such entity). */
export type EntryKind = 'h' | 's' | 'm';

/**
 * One entry of the cache. In Valkey it is one line, `version kind storedAt ttl cost renewals`, and the entity's JSON
 * below it: a hit reads the line and passes the rest on as it is.
 */
export interface Entry {
  readonly version: number;
  readonly kind: EntryKind;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
  /** Milliseconds. */
  readonly ttl: number;
  /** Milliseconds the read of the system of record took. */
  readonly cost: number;
  /** Scheduled refreshes since a reader last made it be read. */
  readonly renewals: number;
  /** UTF-8 JSON of the entity; absent for a missing one. */
  readonly body: Buffer | undefined;
}

const newline = 0x0a;

/** The entry as one value for Valkey. */
export function encodeEntry({ version, kind, storedAt, ttl, cost, renewals, body }: Entry): Buffer {
  const line = Buffer.from(`${version} ${kind} ${storedAt} ${ttl} ${cost} ${renewals}\n`, 'latin1');
  return body === undefined ? line : Buffer.concat([line, body]);
}

/** The entry of a value, or undefined when it is not one of ours. */
export function decodeEntry(value: Buffer): Entry | undefined {
  const end = value.indexOf(newline);
  if (end < 0 || end > 100) return undefined;
  const [version, kind, storedAt, ttl, cost, renewals] = value.toString('latin1', 0, end).split(' ');
  if (kind !== 'h' && kind !== 's' && kind !== 'm') return undefined;
  return {
    version: Number(version),
    kind,
    storedAt: Number(storedAt),
    ttl: Number(ttl),
    cost: Number(cost),
    renewals: Number(renewals),
    body: kind === 'm' ? undefined : value.subarray(end + 1),
  };
}

/** What an entry is made with beside the reading. */
export interface EntryContext {
  readonly settings: CacheSettings;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly cost?: number;
  readonly renewals?: number;
}

/** The entry for what the system of record said: its rule chosen, its time to live shortened at random. */
export function entryOf(
  { version, entity }: Pick<Reading, 'version' | 'entity'>,
  { settings, now, random, cost = 0, renewals = 0 }: EntryContext,
): Entry {
  const kind = entity === undefined ? 'm' : isStatic(entity, settings) ? 's' : 'h';
  const full = { h: settings.hot.ttl, s: settings.static.ttl, m: settings.missing.ttl }[kind];
  const ttl = Math.max(1, Math.round(full * (1 - settings.jitter * random())));
  const body = entity === undefined ? undefined : Buffer.from(JSON.stringify(entity), 'utf8');
  return { version, kind, storedAt: now, ttl, cost: Math.round(cost), renewals, body };
}

/** Whether every attribute the definition's rule names has the rule's value. A rule without attributes matches nothing. */
export function isStatic({ attributes }: Pick<Entity, 'attributes'>, settings: CacheSettings): boolean {
  const rule = Object.entries(settings.static.match);
  return (
    rule.length > 0 &&
    rule.every(([name, value]) => Object.hasOwn(attributes, name) && attributes[name] === value)
  );
}

/**
 * Whether a hit should have the entry read again in the background before it expires: the likelier the nearer the
 * expiry and the dearer the read, so that of many readers about one does it (XFetch: Vattani, Chierichetti,
 * Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", VLDB 2015). A thousandth of the time to live is
 * the least cost, so that entries read a few times a second never expire under their readers.
 */
export function isDueEarly(entry: Entry, now: number, random: () => number): boolean {
  const remaining = entry.storedAt + entry.ttl - now;
  const cost = Math.max(entry.cost, entry.ttl / 1000);
  // Beyond 40 costs a draw of the logarithm could not reach it: hits are spared the draw.
  return remaining < 40 * cost && remaining <= -cost * Math.log(1 - random());
}
