/** A function as it is run. */
export interface EdgeFunction {
  readonly name: string;
  /** Absolute path of the module that exports `handler`. */
  readonly module: string;
  /** MiB. */
  readonly memory: number;
  /** Milliseconds; the vendor's limit of the event applies, too. */
  readonly timeout: number;
  /** What the function finds as `CONFIGURATION`: it has no environment. Plain data. */
  readonly configuration: unknown;
}
