import { cloudFrontKey, type KeySettings } from './cloudfront-key.ts';
import type { Directives } from './directives.ts';
import type { CachePolicy } from './policy.ts';

/** A behaviour's cache policy in CloudFront's terms. Times in seconds. */
export interface CloudFrontSettings {
  readonly minTtl: number;
  readonly defaultTtl: number;
  readonly maxTtl: number;
  readonly key: KeySettings;
  /** Whether OPTIONS is cached beside GET and HEAD. */
  readonly cachesOptions: boolean;
  /** ErrorCachingMinTTL by status; 10 for those not named. */
  readonly errorCachingMinTtl: Readonly<Record<number, number>>;
}

/** Seconds an error is kept at least, where no error response says otherwise. */
const defaultErrorTtl = 10;

/**
 * Fields that tell of the one exchange that brought an answer. CloudFront stores them with it; here they would say of a
 * later request what was true of an earlier one.
 */
const perExchange: ReadonlySet<string> = new Set([
  'server-timing',
  'traceparent',
  'tracestate',
  'x-amz-apigw-id',
  'x-amzn-requestid',
  'x-amzn-trace-id',
  'x-cache',
  'x-entity-cache',
  'x-gateway-cache',
  'x-request-id',
]);

/** Errors that are kept whatever the origin says, and those kept only if it says `max-age` or `s-maxage`. */
const keptErrors = new Set([404, 414, 500, 501, 502, 503, 504]);
const keptOnRequest = new Set([400, 403, 405, 415]);
/** Redirections that are kept only if the origin says Cache-Control, whatever it has. */
const keptRedirections = new Set([307, 308]);

/**
 * CloudFront's cache, where it differs from RFC 9111:
 * - The key is the path and what the cache policy lists; Vary does not select (`*` is not kept), Host is not in it.
 *   https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-the-cache-key.html
 * - No heuristics: without a lifetime from the origin the default TTL counts; every lifetime is held between the
 *   minimum and the maximum TTL, and a minimum above 0 outweighs no-store, no-cache and private.
 *   https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html
 * - Errors are kept for the error caching minimum TTL, 10 s unless set, or for as long as the origin says if that is more
 *   and not beyond the maximum TTL; some only if the origin says how long. An origin's 5xx does not end the use of a stale
 *   object, unless it said `stale-if-error=0`.
 *   https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
 *   https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html
 * - The viewer's Cache-Control and Pragma have no effect; Authorization in the request does not forbid storing (it
 *   reaches the origin only when it is in the key); POST is never stored. An unsafe request makes nothing invalid: to
 *   remove a file before it expires the vendor names an invalidation, and another name.
 *   https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
 *   https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Invalidation.html
 * - 307 and 308 are kept only with Cache-Control.
 *   https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-3xx-status-codes.html
 */
export function cloudFrontPolicy(settings: CloudFrontSettings): CachePolicy {
  const { minTtl, defaultTtl, maxTtl, key, cachesOptions, errorCachingMinTtl } = settings;
  return {
    key: cloudFrontKey(key),
    targetedFields: [],
    heuristicShare: 0,
    // A default below the minimum is the minimum, a maximum below the default the default.
    ttl: { min: minTtl, default: Math.max(minTtl, defaultTtl), max: Math.max(minTtl, maxTtl) },
    errorTtl: (status) => errorCachingMinTtl[status] ?? defaultErrorTtl,
    storesStatus,
    cachedMethods: new Set(cachesOptions ? ['GET', 'OPTIONS'] : ['GET']),
    requestDirectives: false,
    guardsAuthorization: false,
    honoursVary: false,
    storesPost: false,
    invalidatesOnUnsafe: false,
    errorIsDisconnection: true,
    sharedLifetimeIsStrict: false,
    perExchange,
    rangeBlock: 1_048_576,
    sparesTroubledOrigin: true,
  };
}

function storesStatus(status: number, directives: Directives): boolean {
  if (keptRedirections.has(status)) return directives.size > 0;
  if (keptOnRequest.has(status)) return directives.has('max-age') || directives.has('s-maxage');
  return status < 400 || keptErrors.has(status);
}
