import type { EventType } from '../../model/sections/access/edge-function.ts';

/** A function as it is run. */
export interface EdgeFunction {
  readonly name: string;
  /** Absolute path of the module that exports `handler`. */
  readonly module: string;
  /** Says what the module's text is: another one is taken up. */
  readonly digest?: string;
  /** The events it is for: the strictest limits of them apply to it. */
  readonly events: readonly EventType[];
  /** Whether it sees the bodies of requests, as far as the vendor shows them. */
  readonly includeBody: boolean;
  /** MiB. */
  readonly memory: number;
  /** Milliseconds. */
  readonly timeout: number;
  /** What the function finds as `CONFIGURATION`: it has no environment. Plain data. */
  readonly configuration: unknown;
}
