import { includesRole, isRole, type Role } from '../kernel/roles.ts';
import type { Answer } from './answer.ts';
import type { Caller, Exchange, Stage } from './exchange.ts';
import { gatewayResponse } from './gateway-response.ts';
import type { Integration } from './integration.ts';
import { selectedQuery } from './query.ts';
import { sharedHeaders } from './request-headers.ts';
import type { ResponseCache } from './response-cache.ts';

/** The vendor's text when it serves from its cache although the client asked for a refresh. */
const refreshIgnored = '199 Cache-control headers were ignored because the caller was unauthorized.';

/**
 * Answers GET where the route has a time to live: from the store, from a fetch under way, or by fetching.
 * The key is the path and the selected query parameters; headers of the request, preconditions included, are no part
 * of it and reach neither the service nor the store. The service's Cache-Control is not looked at, the client's only
 * for `max-age=0`. What passes on to the integration was not the cache's.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
 */
export function createCacheStage({
  responses,
  integration,
}: {
  readonly responses: ResponseCache;
  readonly integration: Integration;
}): Stage {
  return (exchange) => {
    const { ttl, query: selected } = exchange.route.plan.cache;
    if (ttl === 0 || exchange.method.name !== 'GET') {
      exchange.cache = 'bypass';
      return undefined;
    }
    const query = selectedQuery(exchange.query, selected);
    if (query === undefined) return gatewayResponse('BAD_REQUEST');
    const key = query === '' ? exchange.path : `${exchange.path}?${query}`;
    if (exchange.cacheControl !== undefined && asksForRefresh(exchange.cacheControl)) {
      const { allow, unauthorized } = exchange.deployment.configuration.plan.gateway.cacheRefresh;
      if (mayRefresh(exchange.caller, allow)) return fetch(exchange, key, 'refresh');
      if (unauthorized === 'FAIL_WITH_403') return gatewayResponse('CACHE_REFRESH_DENIED');
      if (unauthorized === 'SUCCEED_WITH_RESPONSE_HEADER') exchange.warning = refreshIgnored;
    }
    const stored = responses.find(key, exchange.startedAt, ttl);
    if (stored) {
      exchange.cache = 'hit';
      return stored;
    }
    const joined = responses.join(key);
    if (!joined) return fetch(exchange, key, 'miss');
    exchange.cache = 'coalesced';
    return joined;
  };

  function fetch(exchange: Exchange, key: string, outcome: 'miss' | 'refresh'): Promise<Answer> {
    exchange.cache = outcome;
    const request = { method: 'GET', path: key, headers: sharedHeaders(exchange) };
    return responses.fetch(key, exchange.startedAt, () => integration.send(request).answer);
  }
}

/** Whether a Cache-Control asks for a refresh: the vendor knows `max-age=0` only. */
function asksForRefresh(cacheControl: string): boolean {
  return /(?:^|,)\s*max-age=0+\s*(?:,|$)/i.test(cacheControl);
}

function mayRefresh({ role }: Caller, allow: Role | 'anyone'): boolean {
  return allow === 'anyone' || (isRole(role) && includesRole(role, allow));
}
