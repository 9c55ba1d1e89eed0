import type { Readable } from 'node:stream';
import type { FieldLines } from './cache/fields.ts';

/** An answer on its way to the viewer. */
export interface Answer {
  readonly status: number;
  readonly reason: string;
  /** Names and values in turn. */
  readonly headers: FieldLines;
  readonly body: Readable | Buffer | undefined;
}
