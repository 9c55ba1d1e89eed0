import type { Clock } from '../../kernel/clock.ts';
import { systemClock } from '../../kernel/clock.ts';
import { answerFrom } from './answers.ts';
import type { Attempt } from './attempt.ts';
import { createFlights, type Flight, type Flights } from './collapse.ts';
import { endToEnd } from './connection-fields.ts';
import type { Directives } from './directives.ts';
import { fieldValue } from './fields.ts';
import { type Freshness, freshnessOf } from './freshness.ts';
import { invalidatedTargets, invalidateStored, isSafe } from './invalidation.ts';
import { findStored } from './lookup.ts';
import type { CacheAnswer, CacheRequest, Fetch, Source } from './message.ts';
import { createOriginExchange } from './origin-exchange.ts';
import { errorAnswer, passAnswer } from './pass.ts';
import type { CachePolicy } from './policy.ts';
import { traitsOf } from './request-traits.ts';
import { judge, type Verdict } from './stale.ts';
import type { ObjectStore, StoredHead, StoredObject } from './store.ts';
import { widened } from './widened-range.ts';

/** What a cache works with. Several may share one store when their policies' keys differ. */
export interface CacheSettings {
  readonly store: ObjectStore;
  readonly policy: CachePolicy;
  readonly clock?: Clock;
  /** Told of failures nobody waits for: those of validation in the background. */
  readonly onBackgroundFailure?: (error: unknown) => void;
  /** What is under way: of all caches of one store together, or of this one alone when left out. */
  readonly flights?: Flights;
}

/** An HTTP cache in front of an origin. */
export interface HttpCache {
  /** Answers a request from the store or through `fetch`; an origin that fails becomes a 502 or 504. At once for a hit. */
  respond(request: CacheRequest, fetch: Fetch): CacheAnswer | Promise<CacheAnswer>;
  /** Removes what the path patterns name, also what is on its way. @returns how many were stored */
  invalidate(patterns: readonly string[]): number;
}

const noDirectives: Directives = new Map();

/** Makes an HTTP cache of a policy over a store. */
export function createHttpCache(settings: CacheSettings): HttpCache {
  const { store, policy, clock = systemClock, onBackgroundFailure = () => {} } = settings;
  const { flights = createFlights(clock) } = settings;
  const known = new WeakMap<StoredHead, Freshness>();
  /** When an origin in trouble is asked again, by the response that stands in for it. */
  const spared = new WeakMap<StoredObject, number>();
  const exchange = createOriginExchange({ store, policy, clock, freshness, onStandIn });

  function onStandIn(object: StoredObject): void {
    if (policy.sparesTroubledOrigin) spared.set(object, clock.now() + (policy.errorTtl?.(503) ?? 0) * 1000);
  }

  function freshness(head: StoredHead): Freshness {
    let found = known.get(head);
    if (!found) {
      found = freshnessOf(head, head, policy);
      known.set(head, found);
    }
    return found;
  }

  function verdictOf(object: StoredObject, directives: Directives): Verdict {
    const { head } = object;
    const aged = {
      freshness: freshness(head),
      initialAge: head.initialAge,
      responseTime: head.responseTime,
    };
    return judge(aged, clock.now(), directives);
  }

  function use(object: StoredObject, request: CacheRequest, source: Source): CacheAnswer {
    store.touch(object);
    return answerFrom({ store, object, request, now: clock.now(), source });
  }

  function invalidateKey(key: string): void {
    for (const object of [...store.select(key)]) store.remove(object);
    flights.spoil((flight) => flight.key === key);
  }

  function respond(request: CacheRequest, fetch: Fetch, mayWait = true): CacheAnswer | Promise<CacheAnswer> {
    const cached = request.method === 'HEAD' || policy.cachedMethods.has(request.method);
    // The meaning of a body in a read is nobody's but the origin's (RFC 9110, section 9.3.1).
    if (!cached || request.body) return passOn(request, fetch);
    const traits = traitsOf(request.headers);
    if (traits.forOrigin) return passOn(request, fetch);
    const directives = policy.requestDirectives ? traits.directives : noDirectives;
    const key = policy.key(request);
    const stored = findStored(store, key, request, policy);
    if (stored) {
      const verdict = verdictOf(stored, directives);
      if (verdict === 'fresh') return use(stored, request, 'hit');
      if (verdict === 'fresh-behind') {
        validateBehind({ request, fetch, key, directives, traits, stored });
        return use(stored, request, 'stale');
      }
      if ((spared.get(stored) ?? 0) > clock.now()) return use(stored, request, 'stale');
    }
    // RFC 9111, section 5.2.1.7
    if (directives.has('only-if-cached')) return errorAnswer(504, 'Nothing is stored that answers this.');
    return obtain({ request, fetch, key, directives, traits, stored }, mayWait);
  }

  /** Fetches, or waits for who is fetching the same. */
  async function obtain(attempt: Attempt, mayWait: boolean): Promise<CacheAnswer> {
    const { request, fetch, key, stored } = attempt;
    const name = nameOf(attempt, policy);
    const waits = mayWait && name !== undefined && !flights.isApart(name, clock.now());
    const underWay = waits ? flights.join(name) : undefined;
    if (underWay) {
      const outcome = await underWay;
      if (typeof outcome === 'object') return exchange.fail(attempt, outcome.failure, stored);
      return respond(request, fetch, false);
    }
    const flight = flights.take(name, key, request.target);
    try {
      return await exchange.run(attempt, flight, stored);
    } finally {
      flight.land('apart');
    }
  }

  /** RFC 5861, section 3: once at a time, and nobody waits. */
  function validateBehind(attempt: Attempt & { readonly stored: StoredObject }): void {
    const { request, key, stored } = attempt;
    const name = `behind ${stored.id}`;
    if (flights.join(name)) return;
    const flight: Flight = flights.take(name, key, request.target);
    const { method, origin, target, headers } = request;
    exchange
      .run({ ...attempt, request: { method, origin, target, headers } }, flight, stored)
      .then(({ body }) => {
        if (body && 'destroy' in body) body.destroy();
      })
      .catch(onBackgroundFailure)
      .finally(() => flight.land('apart'));
  }

  /** Requests that the store has no part in; a successful unsafe one makes what is stored invalid. */
  async function passOn(request: CacheRequest, fetch: Fetch): Promise<CacheAnswer> {
    if (isSafe(request.method)) return passAnswer(request, fetch, endToEnd);
    const { origin, headers } = request;
    // What a POST may store answers GET.
    const key = policy.key({ method: 'GET', origin, target: request.target, headers });
    const attempt = {
      request,
      fetch,
      key,
      directives: noDirectives,
      traits: traitsOf([]),
      stored: undefined,
    };
    return exchange.runUnsafe(attempt, (answer) => {
      if (!policy.invalidatesOnUnsafe) return;
      for (const target of invalidatedTargets(request, answer)) {
        invalidateKey(policy.key({ method: 'GET', origin, target, headers }));
      }
    });
  }

  return {
    respond: (request, fetch) => respond(request, fetch),
    invalidate: (patterns) => invalidateStored(patterns, { store, flights }),
  };
}

/** What requests have to share to wait for one fetch; undefined for one that has to go alone. */
function nameOf({ request, key, traits, stored }: Attempt, { rangeBlock }: CachePolicy): string | undefined {
  if (request.method !== 'GET') return undefined;
  if (traits.conditional && !stored) return undefined;
  if (stored || !traits.ranged) return `${key}\n`;
  const wide = rangeBlock === undefined ? undefined : widened(request.headers, rangeBlock);
  return `${key}\n${fieldValue(wide ?? request.headers, 'range') ?? ''}`;
}
