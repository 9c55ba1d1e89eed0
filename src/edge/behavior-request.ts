import type { Readable } from 'node:stream';
import type { FieldLines } from './cache/fields.ts';
import type { Viewer } from './protocol/message.ts';

/** A request as a behaviour answers it. */
export interface BehaviorRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: FieldLines;
  readonly body?: Readable;
  readonly viewer: Viewer;
  /** What the viewer calls the platform. */
  readonly host: string;
  /** Makes the signal that fires when the viewer is gone. */
  readonly departure?: (() => AbortSignal) | undefined;
}
