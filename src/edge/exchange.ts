import type { Readable } from 'node:stream';
import type { Answer } from './answer.ts';
import type { BehaviorPath } from './behavior-path.ts';
import type { FieldLines } from './cache/fields.ts';
import type { Source } from './cache/message.ts';
import type { Viewer, ViewerRequest } from './protocol/message.ts';

/** One request and what the stages have found out about it so far. */
export interface Exchange {
  readonly request: ViewerRequest;
  readonly viewer: Viewer;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  /** Makes the signal that fires when the viewer is gone before its answer is complete. */
  readonly departure: () => AbortSignal;
  /** Path and query, and header fields: the viewer's, or what a function has made of them. */
  target: string;
  headers: FieldLines;
  /** What goes on in place of the viewer's body, once a function has seen that. */
  body?: Readable;
  /** Decides what happens; set by the stage `match`. */
  behavior?: BehaviorPath;
  answer?: Answer;
  /** Where the answer came from, for `x-cache`. */
  cache: Source | 'function';
}

/** A step of the request path: answers, changes the answer, or leaves the exchange as it is. */
export type Stage = (exchange: Exchange) => void | Promise<void>;
