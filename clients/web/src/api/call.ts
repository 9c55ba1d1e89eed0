import type { Explanation } from '../explain/explanation.ts';

/** A call of the platform's API. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  /** Makes the call safe to repeat: the platform carries it out once. */
  readonly idempotencyKey?: string;
  /** The version the call is conditional on. */
  readonly ifMatch?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A successful answer, and how it came about. */
export interface Answered<Body> {
  readonly body: Body;
  readonly explanation: Explanation;
}

/** What came of asking for a new access token. */
export type Renewal = 'renewed' | 'ended';
