import type { Clock } from '../kernel/clock.ts';
import { createAuthorizeStage } from './authorize.ts';
import type { Authorizer } from './authorizer-event.ts';
import { createCacheStage } from './cache.ts';
import type { Stage } from './exchange.ts';
import type { FunctionRuntime } from './functions/runtime.ts';
import { identify } from './identify.ts';
import { createIntegrateStage } from './integrate.ts';
import type { Integration } from './integration.ts';
import { match } from './match.ts';
import type { PolicyCache } from './policy-cache.ts';
import type { ResponseCache } from './response-cache.ts';
import { throttle } from './throttle.ts';

/** What the stages work with; the target passes in what belongs to other layers. */
export interface StageParts {
  /** The web ACL, where the platform has one. */
  readonly inspect: Stage | undefined;
  readonly authorize: Authorizer;
  readonly policies: PolicyCache;
  readonly responses: ResponseCache;
  readonly integration: Integration;
  readonly functions: FunctionRuntime;
  readonly clock: Clock;
}

/**
 * The way of every request, from top to bottom. A stage answers, or passes on to the next;
 * whoever answers, the answer is recorded last (see `record` in gateway.ts).
 */
export function createStages(parts: StageParts): readonly Stage[] {
  return [
    identify,
    ...(parts.inspect ? [parts.inspect] : []),
    match,
    throttle,
    createAuthorizeStage(parts),
    createCacheStage(parts),
    createIntegrateStage(parts),
  ];
}
