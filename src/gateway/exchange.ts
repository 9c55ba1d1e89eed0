import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import type { Deployment, MethodDeployment, RouteDeployment } from './deployment.ts';

/** Where an answer came from, as `x-gateway-cache` says it. */
export type CacheOutcome = 'hit' | 'miss' | 'coalesced' | 'refresh' | 'bypass';

/** Who calls, as the authorizer said. */
export interface Caller {
  readonly principal?: string;
  readonly role?: string;
}

/** One request on its way through the stages; each stage fills in what it finds out. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What was deployed when the request came; an update does not change it midway. */
  readonly deployment: Deployment;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  readonly requestId: string;
  /** W3C Trace Context; the gateway begins a trace of its own. */
  readonly traceparent: string;
  /** Canonical path and raw query. */
  path: string;
  query: string;
  authorization: string | undefined;
  cacheControl: string | undefined;
  route: RouteDeployment;
  method: MethodDeployment;
  caller: Caller;
  cache: CacheOutcome | undefined;
  /** Value of the Warning header, where one is due. */
  warning: string | undefined;
}

/** A step on the way: it answers, or passes on (undefined). Synchronous wherever it can be. */
export type Stage = (exchange: Exchange) => Answer | undefined | Promise<Answer | undefined>;
