import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { BehaviorPath } from './behavior-path.ts';
import type { FieldLines } from './cache/fields.ts';
import type { Source } from './cache/message.ts';

/** Header fields of a policy, by lower-case name. */
export type AnswerHeaders = Record<string, string | string[]>;

/** An answer on its way to the viewer. */
export interface Answer {
  readonly status: number;
  readonly reason: string;
  /** Names and values in turn. */
  readonly headers: FieldLines;
  readonly body: Readable | Buffer | undefined;
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
  /** Path and query, and header fields: the viewer's, or what a function has made of them. */
  target: string;
  headers: FieldLines;
  /** What a function has put in place of the viewer's body. */
  replacedBody?: Buffer;
  /** Decides what happens; set by the stage `match`. */
  behavior?: BehaviorPath;
  answer?: Answer;
  /** Where the answer came from, for `x-cache`. */
  cache: Source | 'function';
}

/** A step of the request path: answers, changes the answer, or leaves the exchange as it is. */
export type Stage = (exchange: Exchange) => void | Promise<void>;
