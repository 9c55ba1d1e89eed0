import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { UserConfiguration } from './configuration.ts';
import { hashPassword, verifyPassword } from './password.ts';

/** A user as tokens describe one. */
export interface User {
  /** Stable for the life of the user: a UUID. */
  readonly sub: string;
  readonly username: string;
  readonly email: string;
  readonly groups: readonly string[];
}

/** The pool's users. */
export interface UserDirectory {
  /** Makes the stored users those of the configuration: adds, changes and removes. A user kept keeps its sub. */
  apply(users: readonly UserConfiguration[]): Promise<void>;
  findBySub(sub: string): User | undefined;
  /** The user when the password is right. Takes the same time when there is no such user. */
  authenticate(username: string, password: string): Promise<User | undefined>;
}

/** Opens the users in the pool's database. */
export function openUserDirectory(database: DatabaseSync): UserDirectory {
  const byName = database.prepare('SELECT * FROM users WHERE username = ?');
  const bySub = database.prepare('SELECT * FROM users WHERE sub = ?');
  const names = database.prepare('SELECT username FROM users');
  const remove = database.prepare('DELETE FROM users WHERE username = ?');
  const upsert = database.prepare(
    `INSERT INTO users (username, sub, password, groups, email) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (username) DO UPDATE SET password = excluded.password, groups = excluded.groups,
       email = excluded.email`,
  );

  return {
    async apply(users) {
      const hashed = await Promise.all(
        users.map(async (user) => {
          const stored = byName.get(user.username);
          const current = stored ? String(stored.password) : undefined;
          const kept = current !== undefined && (await verifyPassword(user.password, current));
          return { ...user, hash: kept ? current : await hashPassword(user.password) };
        }),
      );
      const wanted = new Set(users.map((user) => user.username));
      database.exec('BEGIN IMMEDIATE');
      try {
        for (const { username } of names.all()) {
          if (!wanted.has(String(username))) remove.run(String(username));
        }
        for (const { username, hash, groups, email = `${username}@example.com` } of hashed) {
          upsert.run(username, randomUUID(), hash, JSON.stringify(groups), email);
        }
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    findBySub(sub) {
      return userOf(bySub.get(sub));
    },
    async authenticate(username, password) {
      const stored = byName.get(username);
      const valid = await verifyPassword(password, stored && String(stored.password));
      return valid ? userOf(stored) : undefined;
    },
  };
}

function userOf(row: Record<string, unknown> | undefined): User | undefined {
  if (!row) return undefined;
  return {
    sub: String(row.sub),
    username: String(row.username),
    email: String(row.email),
    groups: JSON.parse(String(row.groups)),
  };
}
