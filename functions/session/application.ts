import type { Clock } from '../../src/kernel/clock.ts';
import type { SessionKeys } from './keys.ts';
import type { Pool } from './pool.ts';
import type { SessionEvent, Sessions } from './sessions.ts';

/** What the function's answers are made with. */
export interface SessionApplication {
  /** Where browsers see the platform; the first is where a sign-in that names none leads. */
  readonly origins: readonly string[];
  readonly pool: Pool;
  readonly keys: SessionKeys;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly tell: (event: SessionEvent) => void;
}
