import type { Readable } from 'node:stream';
import type { FieldLines } from './fields.ts';

/** A viewer's request as the cache sees it. */
export interface CacheRequest {
  readonly method: string;
  /** Scheme and authority the viewer asked, such as 'http://example.com'. */
  readonly origin: string;
  /** Path and query, as sent. */
  readonly target: string;
  readonly headers: FieldLines;
  readonly body?: Readable;
  /** Makes the signal that fires when the viewer is gone: a hit needs none. */
  readonly departure?: (() => AbortSignal) | undefined;
  /** Told of each interim response (1xx) that its own fetch brings; they are never stored. */
  readonly onInterim?: (interim: Interim) => void;
}

/** A 1xx response. */
export interface Interim {
  readonly status: number;
  readonly headers: FieldLines;
}

/** What the cache asks of the origin. */
export interface OriginRequest
  extends Pick<CacheRequest, 'method' | 'target' | 'headers' | 'body' | 'onInterim'> {
  /** Fires when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
}

/** What the origin answers: the head as it came, the body to read or to destroy. */
export interface OriginAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: FieldLines;
  readonly body: Readable;
}

/** Asks the origin. Rejects with an `OriginFailure` when it cannot be reached or does not answer. */
export type Fetch = (request: OriginRequest) => Promise<OriginAnswer>;

/** The origin cannot be reached, or did not answer in time. */
export class OriginFailure extends Error {
  readonly timedOut: boolean;

  constructor(timedOut: boolean, options?: ErrorOptions) {
    super(timedOut ? 'the origin did not answer in time' : 'the origin could not be reached', options);
    this.name = 'OriginFailure';
    this.timedOut = timedOut;
  }
}

/** How an answer came about. */
export type Source = 'hit' | 'stale' | 'revalidated' | 'miss' | 'pass' | 'error';

/** The answer for the viewer. */
export interface CacheAnswer {
  readonly status: number;
  readonly reason: string;
  /** End-to-end fields. */
  readonly headers: string[];
  readonly body: Readable | Buffer | undefined;
  readonly source: Source;
}
