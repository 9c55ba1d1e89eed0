/** A function as the gateway runs it: plain data, made by the target. */
export interface FunctionDefinition {
  /** The module that exports `handler`, absolute. */
  readonly file: string;
  /** What its source is: with another one, environments start anew. */
  readonly digest: string;
  /** MiB its heap may take; of what lies outside the heap the thread is not stopped. */
  readonly memory: number;
  /** Milliseconds one event may take. */
  readonly timeout: number;
  /** All it finds in its environment. May hold secrets: never to be logged. */
  readonly variables: Readonly<Record<string, string>>;
}

/** How one event ended. */
export type Outcome =
  /** What the handler returned, as JSON. */
  | { readonly kind: 'result'; readonly text: string }
  /** It threw, ended, could not be loaded, took too long or too much, or all its environments are busy. */
  | { readonly kind: 'fault'; readonly reason: FaultReason };

/** Why there is no result. */
export type FaultReason = 'error' | 'timeout' | 'memory' | 'size' | 'concurrency';

/** What a thread is asked, one event at a time. */
export interface Invocation {
  readonly requestId: string;
  /** The event as JSON. */
  readonly event: string;
  /** When it has to be done; milliseconds since the epoch. */
  readonly deadline: number;
}

/** What a thread starts with. */
export interface ThreadData {
  readonly name: string;
  readonly file: string;
  readonly memory: number;
}

/** What a thread says: it is there, or what became of the event. */
export type ThreadMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly text: string }
  | { readonly kind: 'fault'; readonly reason: 'error' | 'size' };
