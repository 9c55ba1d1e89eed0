import type { Clock } from '../../kernel/clock.ts';

const freeAttempts = 5;
const longestLockout = 15 * 60_000;

interface Attempts {
  failures: number;
  /** Monotonic milliseconds. */
  lockedUntil: number;
  last: number;
}

/** Counts failed sign-ins by name. */
export interface Lockout {
  /**
   * Counts an attempt as failed before its password is looked at, so that parallel guesses count too.
   * @returns milliseconds to wait; 0 when the attempt may go on.
   */
  begin(username: string): number;
  /** Takes the failures back after a success. */
  succeed(username: string): void;
}

/**
 * Cognito's rule: five attempts are free, then one second of lockout that doubles with each further failure
 * up to 15 minutes; an attempt during a lockout is refused and not counted; 15 quiet minutes forget.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html (Lockout behavior)
 * @param capacity names remembered; beyond it the one that tried longest ago is forgotten.
 */
export function createLockout(clock: Clock, capacity: number): Lockout {
  const byName = new Map<string, Attempts>();

  return {
    begin(username) {
      const now = clock.monotonic();
      const known = byName.get(username);
      if (known && now < known.lockedUntil) return known.lockedUntil - now;
      const failures = known && now - known.last < longestLockout ? known.failures + 1 : 1;
      byName.delete(username);
      byName.set(username, { failures, lockedUntil: now + lockoutAfter(failures), last: now });
      if (byName.size > capacity) {
        for (const oldest of byName.keys()) {
          byName.delete(oldest);
          break;
        }
      }
      return 0;
    },
    succeed(username) {
      byName.delete(username);
    },
  };
}

/** Milliseconds of lockout that a number of failures in a row earns. */
export function lockoutAfter(failures: number): number {
  return failures < freeAttempts ? 0 : Math.min(1000 * 2 ** (failures - freeAttempts), longestLockout);
}
