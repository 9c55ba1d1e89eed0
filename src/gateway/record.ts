import type { CacheOutcome } from './exchange.ts';

/** A line of the access log. The query is left out, as is everything else that may be personal. */
export interface AccessRecord {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly requestId: string;
  readonly traceparent: string;
  readonly method: string;
  /** As the client sent it where it has no canonical form. */
  readonly path: string;
  /** The route's path; undefined where none matched. */
  readonly route: string | undefined;
  readonly status: number;
  /** Milliseconds in the gateway. */
  readonly duration: number;
  readonly cache: CacheOutcome | undefined;
}

/** Is told of each answer; must not throw, and not wait. */
export type Recorder = (
  answered: { readonly status: number; readonly duration: number },
  entry: () => AccessRecord,
) => void;
