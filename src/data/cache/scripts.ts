/**
 * What changes the cache, as scripts of one slot: `entity:{id}` and `lease:{id}` share a hash tag
 * (https://valkey.io/topics/cluster-spec/#hash-tags).
 *
 * Two rules keep versions from going back. A value is replaced only by one of a higher version (or the same, read
 * again). And a reader may fill only while the lease it took before its read is still there: whoever knows of
 * something newer takes the lease away, so that a slow read is never stored. Whatever takes the lease afterwards
 * reads the system of record afterwards. A lease that expired, was evicted or flushed is a lease lost.
 */
const versionOf = `local function versionOf(value) return tonumber(string.match(value, '^%d+')) end\n`;

/**
 * KEYS entity, lease; ARGV token, lease ms, mode. Mode `wait` answers the value if there is one; `steal` takes the
 * lease from its holder; `renew` takes a free lease although there is a value. Answers the value, 1 (taken) or 0.
 */
const acquire = `
if ARGV[3] ~= 'renew' then
  local value = redis.call('GET', KEYS[1])
  if value then return value end
end
if ARGV[3] == 'steal' then
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
  return 1
end
if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return 0`;

/**
 * KEYS entity, lease; ARGV token, value, ttl ms. Answers 1 (stored), the newer value that is there, or 0 when the
 * lease was lost.
 */
const fill = `${versionOf}
local held = redis.call('GET', KEYS[2]) == ARGV[1]
local stored = redis.call('GET', KEYS[1])
if stored and versionOf(stored) > versionOf(ARGV[2]) then
  if held then redis.call('DEL', KEYS[2]) end
  return stored
end
if not held then return 0 end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

/**
 * KEYS entity, lease; ARGV version. Says that this version is about to be shown from the system of record: drops
 * what is older and takes the lease away. Answers 1, or the newer value that is there.
 */
const show = `${versionOf}
redis.call('DEL', KEYS[2])
local stored = redis.call('GET', KEYS[1])
if stored then
  local version = versionOf(stored)
  if version > tonumber(ARGV[1]) then return stored end
  if version < tonumber(ARGV[1]) then redis.call('DEL', KEYS[1]) end
end
return 1`;

/**
 * KEYS entity, lease; ARGV value, ttl ms. Takes the lease away and replaces what is older. What was not cached is
 * not cached now: nobody asked for it, and with no value there a delayed change could come after a newer one.
 * Answers 1 when it replaced something.
 */
const invalidate = `${versionOf}
redis.call('DEL', KEYS[2])
local stored = redis.call('GET', KEYS[1])
if stored and versionOf(stored) < versionOf(ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1
end
return 0`;

/**
 * KEYS schedule; ARGV now ms, claim ms, most. Answers the ids whose refresh is due, and puts each off by the claim:
 * one task refreshes it, and if that task ends, another will.
 */
const claimDue = `
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, id in ipairs(due) do redis.call('ZADD', KEYS[1], 'XX', ARGV[1] + ARGV[2], id) end
return due`;

/** The scripts, as the driver wants them. */
export const scripts = {
  acquire: { lua: acquire, numberOfKeys: 2 },
  fill: { lua: fill, numberOfKeys: 2 },
  show: { lua: show, numberOfKeys: 2 },
  invalidate: { lua: invalidate, numberOfKeys: 2 },
  claimDue: { lua: claimDue, numberOfKeys: 1 },
} as const;

/** A script's name. */
export type ScriptName = keyof typeof scripts;

/** Key of an entity's value. */
export function entityKey(id: string): string {
  return `entity:{${id}}`;
}

/** Key of an entity's lease, in the same slot. */
export function leaseKey(id: string): string {
  return `lease:{${id}}`;
}

/** Key of the sorted set of static entities by when their refresh is due. */
export const scheduleKey = 'refresh';
