import { z } from 'zod';
import { limits } from '../limits.ts';
import { count, duration, percent, size } from '../scalars.ts';

/** Capacity of the relational database: halves of a unit. */
const capacityUnits = z
  .number()
  .min(0.5)
  .max(limits.relationalCapacity.value)
  .multipleOf(0.5, 'a multiple of 0.5');

const tableName = z.string().regex(/^[\w.-]{3,255}$/, 'a table name');
const attribute = z.string().regex(/^\w{1,255}$/, 'an attribute of letters, digits and underscores');

/** Who is signed in, and for how long. */
const sessions = z.strictObject({
  table: z
    .strictObject({
      name: tableName.default('Sessions'),
      partitionKey: attribute.default('pk'),
      sortKey: attribute.default('sk'),
      /** The attribute that says when an item may be removed, in seconds since the epoch. */
      timeToLive: attribute.default('expiresAt'),
    })
    .prefault({}),
  /** A session that was not used for this long has ended. */
  idle: duration({ min: 60_000 }).prefault('8h'),
  /** No session lasts longer, used or not; the user pool's refresh tokens neither. */
  absolute: duration({ min: 3_600_000, max: limits.identityRefreshToken }).prefault('7d'),
  /** Life of an access token, and so how long the API still takes one after its session has ended. */
  accessToken: duration({ min: limits.identityAccessToken.value, max: 900_000 }).prefault('15m'),
  /** How long the secret before the newest one is answered with the newest one once more. */
  leeway: duration({ max: 60_000 }).prefault('10s'),
});

/** Section 5: stores and the read-through cache. */
export const data = z.strictObject({
  relational: z.strictObject({
    table: z.literal('entities'),
    /** Connections one task may hold. */
    connections: count({ min: 1, max: 100 }).default(10),
    /** In an account: what the database is given between idle and busy, in capacity units of about 2 GiB each. */
    capacity: z
      .strictObject({
        minimum: capacityUnits.default(0.5),
        maximum: capacityUnits.default(16),
      })
      .prefault({}),
    /** In an account: how far back it can be restored to any moment. */
    backups: duration({ min: 86_400_000, max: limits.relationalBackups }).prefault('14d'),
  }),
  table: z.strictObject({
    name: tableName,
    partitionKey: z.string().min(1),
    sortKey: z.string().min(1),
    indexes: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[\w.-]{3,255}$/, 'an index name'),
          partitionKey: z.string().min(1),
          projection: z.strictObject({
            type: z.literal('INCLUDE'),
            attributes: z.array(z.string().min(1)).min(1).max(limits.tableProjectedAttributes.value),
          }),
        }),
      )
      .max(limits.tableIndexes.value),
  }),
  cache: z.strictObject({
    hot: z.strictObject({ ttl: duration({ min: 1000 }) }),
    static: z.strictObject({
      ttl: duration({ min: 1000 }),
      /** Attributes that mark an entity as static. */
      match: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({ static: true }),
      /** How often static entries are read again before they expire. */
      refresh: duration({ min: 1000 }).prefault('15m'),
    }),
    missing: z.strictObject({ ttl: duration({ min: 100 }) }).prefault({ ttl: '5s' }),
    /** Share of a TTL by which it is shortened at random, so that entries do not expire together. */
    jitter: percent().prefault('10%'),
    /** How long a command may take before the cache counts as down. */
    commandTimeout: duration({ min: 1 }).prefault('30ms'),
    /** Bytes of memory the cache may use. */
    memory: size({ min: 1024 * 1024 }).prefault('128MB'),
  }),
  sessions: sessions.prefault({}),
  /** Bytes of one entity's attributes as JSON. */
  maxAttributes: size().prefault('256KB'),
});
