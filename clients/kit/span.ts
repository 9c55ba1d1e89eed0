import type { Layer } from './layers.ts';

/** One bar of a waterfall: a layer's part of an answer. Milliseconds. */
export interface Span {
  readonly label: string;
  readonly layer: Layer | undefined;
  /** From the beginning of the whole. */
  readonly start: number;
  readonly duration: number;
}
