import type { CachePolicy } from '../cache/policy.ts';

/** One point in which the platform's edge is CloudFront and not a cache by the book. */
export interface Difference {
  /** What of the cache's policy makes it; 'edge' for what happens around the cache. */
  readonly by: keyof CachePolicy | 'edge';
  readonly about: string;
  /** What `strata edge serve` does, with its source. */
  readonly standard: string;
  /** What the behaviours of the blueprint do. */
  readonly cloudFront: string;
  /** The vendor's page; undefined where it is a choice of ours. */
  readonly page: string | undefined;
}

const guide = 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/';

/** Every point in which they differ. */
export const differences: readonly Difference[] = [
  {
    by: 'key',
    about: 'the key',
    standard: 'path and query (RFC 9111, 2)',
    cloudFront:
      'the path, the query strings, headers and cookies that the cache policy names, and the one coding chosen of Accept-Encoding',
    page: `${guide}understanding-the-cache-key.html`,
  },
  {
    by: 'honoursVary',
    about: '`Vary`',
    standard: 'selects (RFC 9111, 4.1)',
    cloudFront: 'does not select: what matters is in the key',
    page: `${guide}RequestAndResponseBehaviorCustomOrigin.html`,
  },
  {
    by: 'targetedFields',
    about: '`CDN-Cache-Control`',
    standard: 'outweighs `Cache-Control` (RFC 9213)',
    cloudFront: 'is a field like others',
    page: `${guide}Expiration.html`,
  },
  {
    by: 'heuristicShare',
    about: 'an answer without a lifetime',
    standard: 'a tenth of the time since `Last-Modified` (RFC 9111, 4.2.2)',
    cloudFront: 'the default TTL',
    page: `${guide}Expiration.html`,
  },
  {
    by: 'ttl',
    about: 'a lifetime',
    standard: 'as the origin says (RFC 9111, 4.2.1)',
    cloudFront:
      'between the minimum and the maximum TTL; a minimum above 0 outweighs `no-store`, `no-cache` and `private`; nothing stale beyond the maximum',
    page: `${guide}Expiration.html`,
  },
  {
    by: 'errorTtl',
    about: 'an error',
    standard: 'an answer like others (RFC 9111, 3)',
    cloudFront: '404, 414, 500, 501, 502, 503 and 504 are kept for 10 s, or as `errorPages` say',
    page: `${guide}HTTPStatusCodes.html`,
  },
  {
    by: 'storesStatus',
    about: 'other errors',
    standard: 'kept as the origin says (RFC 9111, 3)',
    cloudFront: '400, 403, 405, 412 and 415 as the origin says; the rest never',
    page: `${guide}HTTPStatusCodes.html`,
  },
  {
    by: 'needsExplicitLifetime',
    about: '307 and 308',
    standard: '308 by heuristics, too (RFC 9110, 15.4.9)',
    cloudFront: 'only with a lifetime from the origin',
    page: `${guide}http-3xx-status-codes.html`,
  },
  {
    by: 'requestDirectives',
    about: "the viewer's `Cache-Control`",
    standard: 'obeyed (RFC 9111, 5.2.1)',
    cloudFront: 'without effect',
    page: `${guide}RequestAndResponseBehaviorCustomOrigin.html`,
  },
  {
    by: 'guardsAuthorization',
    about: 'an answer to a request with `Authorization`',
    standard: 'kept only where the origin allows it (RFC 9111, 3.5)',
    cloudFront: 'kept; the field reaches the origin only when it is in the key, or nothing is kept',
    page: `${guide}add-origin-custom-headers.html`,
  },
  {
    by: 'storesPost',
    about: 'an answer to POST',
    standard: 'kept where it says that it is that of GET (RFC 9110, 9.3.3)',
    cloudFront: 'never kept',
    page: `${guide}RequestAndResponseBehaviorCustomOrigin.html`,
  },
  {
    by: 'invalidatesOnUnsafe',
    about: 'a successful PUT, POST or DELETE',
    standard: 'makes what is kept of its path invalid (RFC 9111, 4.4)',
    cloudFront: 'changes nothing: invalidate, or let it age',
    page: `${guide}Invalidation.html`,
  },
  {
    by: 'errorIsDisconnection',
    about: 'a 5xx while something stale is there',
    standard: 'passed on, but for `stale-if-error` (RFC 9111, 4.2.4)',
    cloudFront: 'the stale answer, unless it says `stale-if-error=0`',
    page: `${guide}Expiration.html`,
  },
  {
    by: 'sparesTroubledOrigin',
    about: 'an origin in trouble',
    standard: 'asked again with each request',
    cloudFront: 'asked again once the error TTL is over',
    page: `${guide}HTTPStatusCodes.html`,
  },
  {
    by: 'rangeBlock',
    about: 'a range that is not there',
    standard: 'asked for as it is (RFC 9110, 14.2)',
    cloudFront: 'asked for in whole blocks, here of 1 MB, so that its neighbours are there',
    page: `${guide}RangeGETs.html`,
  },
  {
    by: 'perExchange',
    about: '`x-request-id`, `traceparent`, `server-timing`, `x-gateway-cache` and others of one exchange',
    standard: 'kept with the answer (RFC 9111, 3.1)',
    cloudFront: 'not kept here: they would be untrue of the next viewer. In an account they are kept',
    page: undefined,
  },
  {
    by: 'edge',
    about: '`Set-Cookie`',
    standard: 'kept with the answer (RFC 9111, 7.3)',
    cloudFront: 'taken off where no cookie reaches the origin; kept where cookies are in the key',
    page: `${guide}Cookies.html`,
  },
  {
    by: 'edge',
    about: "the viewer's header fields",
    standard: 'passed on (RFC 9110, 7.6.1)',
    cloudFront: 'only those of the key and of the origin request policy, and what describes the body',
    page: `${guide}controlling-origin-requests.html`,
  },
  {
    by: 'edge',
    about: 'GET with a body',
    standard: 'passed on (RFC 9110, 9.3.1)',
    cloudFront: '403',
    page: `${guide}RequestAndResponseBehaviorCustomOrigin.html`,
  },
  {
    by: 'edge',
    about: 'a failure of the edge to reach the origin',
    standard: '502 or 504, not kept',
    cloudFront: 'the same here; in an account kept for the error TTL',
    page: undefined,
  },
  {
    by: 'edge',
    about: '`X-Cache`',
    standard: '`Cache-Status` (RFC 9211)',
    cloudFront:
      '`hit`, `stale`, `revalidated`, `miss`, `pass`, `function` or `error`; in an account the vendor’s words, such as `Hit from cloudfront`',
    page: undefined,
  },
];
