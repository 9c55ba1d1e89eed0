import type { Clock } from '../kernel/clock.ts';
import { includes } from '../model/sections/access/name-set.ts';
import type { Behavior } from './behavior.ts';
import type { BehaviorRequest } from './behavior-request.ts';
import type { Flights } from './cache/collapse.ts';
import { endToEnd } from './cache/connection-fields.ts';
import { createHttpCache } from './cache/http-cache.ts';
import type { CacheAnswer } from './cache/message.ts';
import { passAnswer } from './cache/pass.ts';
import type { ObjectStore } from './cache/store.ts';
import type { EdgeSettings } from './configuration.ts';
import type { EdgeFunctions } from './edge-functions.ts';
import type { Origin } from './origin.ts';
import { createOriginFetch } from './origin-fetch.ts';
import { behaviorCachePolicy } from './policies/behavior-cache.ts';
import { forwardedRequest, withQuery } from './policies/forwarded-request.ts';
import { type ResponseFields, responseFields } from './policies/response-fields.ts';

/** A behaviour with its policies in place. */
export interface BehaviorPath {
  readonly behavior: Behavior;
  /** Answers from the cache or the origin, at once for a hit. */
  respond(request: BehaviorRequest): CacheAnswer | Promise<CacheAnswer>;
  /** What every answer's fields become, by whether the viewer speaks TLS. */
  readonly fields: { readonly plain: ResponseFields; readonly bound: ResponseFields };
}

/** What behaviours are made of. */
export interface BehaviorParts {
  readonly settings: EdgeSettings;
  readonly origins: Readonly<Record<string, Origin>>;
  readonly functions: EdgeFunctions | undefined;
  readonly store: ObjectStore;
  readonly flights: Flights;
  readonly clock: Clock;
}

/** Puts a behaviour's policies in place. */
export function createBehaviorPath(behavior: Behavior, parts: BehaviorParts): BehaviorPath {
  const { settings, origins, functions, store, flights, clock } = parts;
  const policy = settings.cachePolicies[behavior.cachePolicy];
  const origin = origins[behavior.origin];
  if (!policy || !origin) throw new Error(`behaviour ${behavior.path} names what is not there`);
  const added = settings.originRequestPolicies[behavior.originRequestPolicy ?? ''];
  const headersPolicy = settings.responseHeadersPolicies[behavior.responseHeadersPolicy ?? ''];
  const compresses = behavior.compress && policy.compression.length > 0;
  const forwarded = forwardedRequest(policy, added);
  const fetchFor = createOriginFetch({ behavior, policy, forwarded, origin, functions, compresses });
  const fields = {
    plain: responseFields(headersPolicy, false),
    bound: responseFields(headersPolicy, true),
  };
  if (policy.maxTtl === 0) {
    return {
      behavior,
      fields,
      respond: (request) => passAnswer({ ...request, origin: '' }, fetchFor(request), endToEnd),
    };
  }

  const rules = behaviorCachePolicy({
    origin: behavior.origin,
    policy,
    cachedMethods: behavior.cachedMethods,
    compress: compresses,
    errorPages: settings.errorPages,
  });
  const onBackgroundFailure = (error: unknown) => process.emitWarning(String(error));
  const cache = createHttpCache({ store, policy: rules, clock, flights, onBackgroundFailure });
  const isKeyed = (name: string) => includes(policy.query, name);
  return {
    behavior,
    fields,
    respond(request) {
      const asked = {
        method: request.method,
        origin: '',
        // What is in the key is what an invalidation names.
        target: withQuery(request.target, isKeyed),
        headers: request.headers,
        ...(request.body && { body: request.body }),
        departure: request.departure,
      };
      // Most are answered without it.
      return cache.respond(asked, (wanted) => fetchFor(request)(wanted));
    },
  };
}
