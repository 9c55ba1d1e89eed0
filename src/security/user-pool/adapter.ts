import type { DatabaseSync } from 'node:sqlite';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Clock } from '../../kernel/clock.ts';
import type { AppClient } from './clients.ts';

/** How app clients are found: they come from the configuration, not from the store. */
type FindClient = (clientId: string) => Pick<AppClient, 'metadata' | 'refreshTokenGrace'> | undefined;

/**
 * oidc-provider's storage on the pool's database: survives a restart, forgets what has expired,
 * and holds at most `capacity` entries (those nearest to their end go first).
 */
export function createAdapterFactory(
  database: DatabaseSync,
  { findClient, clock, capacity }: { findClient: FindClient; clock: Clock; capacity: number },
): (model: string) => Adapter {
  const seconds = () => Math.floor(clock.now() / 1000);
  const upsert = database.prepare(
    `INSERT INTO entries (model, id, payload, grant_id, uid, expires_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id,
       uid = excluded.uid, expires_at = excluded.expires_at`,
  );
  const find = database.prepare('SELECT payload FROM entries WHERE model = ? AND id = ? AND expires_at > ?');
  const findByUid = database.prepare(
    'SELECT payload FROM entries WHERE model = ? AND uid = ? AND expires_at > ?',
  );
  const consume = database.prepare(
    `UPDATE entries SET payload = json_set(payload, '$.consumed', ?) WHERE model = ? AND id = ?`,
  );
  const shorten = database.prepare(
    'UPDATE entries SET expires_at = min(expires_at, ?) WHERE model = ? AND id = ?',
  );
  const destroy = database.prepare('DELETE FROM entries WHERE model = ? AND id = ?');
  const revoke = database.prepare('DELETE FROM entries WHERE grant_id = ?');
  const purge = database.prepare('DELETE FROM entries WHERE expires_at <= ?');
  const count = database.prepare('SELECT count(*) AS entries FROM entries');
  const evict = database.prepare(
    'DELETE FROM entries WHERE rowid IN (SELECT rowid FROM entries ORDER BY expires_at LIMIT ?)',
  );

  function makeRoom(): void {
    purge.run(seconds());
    const excess = Number(count.get()?.entries ?? 0) - capacity;
    if (excess > 0) evict.run(excess);
  }

  return (model) => ({
    async upsert(id, payload, expiresIn) {
      const lifetime = expiresIn ?? 0;
      const { grantId = null, uid = null } = payload;
      upsert.run(model, id, JSON.stringify(payload), grantId, uid, seconds() + lifetime);
      makeRoom();
    },
    async find(id) {
      return model === 'Client' ? findClient(id)?.metadata : payloadOf(find.get(model, id, seconds()));
    },
    async findByUid(uid) {
      return payloadOf(findByUid.get(model, uid, seconds()));
    },
    async findByUserCode() {
      return undefined;
    },
    async consume(id) {
      if (model !== 'RefreshToken') {
        consume.run(seconds(), model, id);
        return;
      }
      // Cognito keeps no family state: a rotated refresh token is unknown once its client's grace is over, and using
      // it again ends nothing else. Marking it as consumed would make oidc-provider revoke the whole grant.
      const clientId = payloadOf(find.get(model, id, seconds()))?.clientId;
      const grace = (clientId && findClient(clientId)?.refreshTokenGrace) || 0;
      if (grace > 0) shorten.run(seconds() + grace, model, id);
      else destroy.run(model, id);
    },
    async destroy(id) {
      destroy.run(model, id);
    },
    async revokeByGrantId(grantId) {
      revoke.run(grantId);
    },
  });
}

function payloadOf(row: Record<string, unknown> | undefined): AdapterPayload | undefined {
  return row ? JSON.parse(String(row.payload)) : undefined;
}
