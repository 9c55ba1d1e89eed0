/** What a worker is started with. */
export interface EnvironmentData {
  /** Absolute path of the module that exports `handler`. */
  readonly module: string;
  readonly name: string;
  /** MiB. */
  readonly memory: number;
  /** Milliseconds. */
  readonly timeout: number;
  /** What the function finds as `CONFIGURATION`. */
  readonly configuration: unknown;
  readonly claims: SharedArrayBuffer;
}

/** What a worker is told: an event's number, its id, and its JSON. */
export type EventMessage = readonly [number: number, requestId: string, json: string];

/**
 * What a worker tells: that its module is loaded, that it has come to an event that was taken back, or of one it ran
 * what the handler returned, or why it failed, or that its buffers are more than it may have.
 */
export type EnvironmentMessage =
  | 'ready'
  | 'passed'
  | 'exceeded'
  | readonly [number: number, outcome: 'returned', json: string | undefined]
  | readonly [number: number, outcome: 'failed' | 'invalid', reason: string];
