import type { SessionKey } from '../../src/data/sessions/session.ts';
import { deriveKey } from './keys.ts';
import { seal, unseal } from './sealing.ts';

/** What a browser is given, in cookies. Times are milliseconds since the epoch. */
export interface Credentials {
  readonly accessToken: string;
  readonly accessExpiresAt: number;
  readonly refreshToken: string;
  readonly refreshExpiresAt: number;
}

/**
 * Keeps what was given out for a secret, so that it can be given out once more to who asks with the same secret.
 * Sealed with that secret, which is not kept: nobody else can open it, whoever reads the table.
 */
export function sealSuccessor(key: SessionKey, secret: string, credentials: Credentials): string {
  return seal(successorKey(key, secret), JSON.stringify(credentials), contextOf(key));
}

/** What was given out for a secret; undefined of another secret. */
export function unsealSuccessor(key: SessionKey, secret: string, sealed: string): Credentials | undefined {
  const text = unseal(successorKey(key, secret), sealed, contextOf(key));
  return text === undefined ? undefined : (JSON.parse(text) as Credentials);
}

/** What a session's sealed values belong to. */
export function contextOf({ subject, id }: SessionKey): string {
  return `${subject}|${id}`;
}

function successorKey({ id }: SessionKey, secret: string): Buffer {
  return deriveKey(secret, id, 'strata session successor');
}
