import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { Behavior } from './behavior.ts';

/** Header fields of an answer, by lower-case name. */
export type AnswerHeaders = Record<string, string | string[]>;

/** An answer on its way to the viewer. */
export interface Answer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body?: Readable | Buffer | string;
}

/** One request and what the stages have found out about it so far. */
export interface Exchange {
  readonly request: IncomingMessage;
  /** The viewer's address, and whether it speaks TLS: taken when the request comes, for its socket may go. */
  readonly viewer: { readonly address: string; readonly encrypted: boolean };
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  /** Fires when the viewer is gone before its answer is complete. */
  readonly abandoned: AbortSignal;
  /** Decides where the request goes; set by the stage `match`. */
  behavior?: Behavior;
  answer?: Answer;
  /** Where the answer came from, for `x-cache`. */
  cache: 'miss' | 'pass' | 'error';
}

/** A step of the request path: answers, changes the answer, or leaves the exchange as it is. */
export type Stage = (exchange: Exchange) => void | Promise<void>;
