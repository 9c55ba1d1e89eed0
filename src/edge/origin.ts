import type { Fetch } from './cache/message.ts';

/** Something the edge fetches from. */
export interface Origin {
  /** Fetches an answer. Rejects with an `OriginFailure` when there is none. */
  readonly fetch: Fetch;
  close(): void;
}
