import type { Session } from '../../src/data/sessions/session.ts';
import type { SessionKeys } from './keys.ts';
import { hashOfSecret, isSame, type RefreshToken } from './refresh-token.ts';

/**
 * What a refresh token is to its session:
 * - `newest`: the secret that was given out last;
 * - `preceding`: the one before it, within the leeway: its holder has not seen the newest one's answer, or asked at
 *   the same instant as another tab;
 * - `reused`: any other that was ever given out. It was copied: by whom cannot be known, so the session ends.
 */
export type Standing = 'newest' | 'preceding' | 'reused';

/**
 * The standing of a token that was written here (its signature holds).
 * @param leeway milliseconds
 */
export function standingOf(
  session: Session,
  { id, secret }: RefreshToken,
  keys: SessionKeys,
  { leeway, now }: { readonly leeway: number; readonly now: number },
): Standing {
  const hash = hashOfSecret(keys, id, secret);
  if (isSame(hash, session.secretHash)) return 'newest';
  // Once the newest is used, it is the preceding one: of two that ask, one may be late, and never by more than one step.
  const isPreceding = isSame(hash, session.precedingHash ?? '');
  return isPreceding && now - session.rotatedAt < leeway ? 'preceding' : 'reused';
}

/** Whether a session has ended by itself: not used for too long, or simply too old. */
export function hasExpired({ idleExpiresAt, absoluteExpiresAt }: Session, now: number): boolean {
  return now >= idleExpiresAt || now >= absoluteExpiresAt;
}
