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

type Line = readonly [by: Difference['by'], about: string, standard: string, cloudFront: string];

const guide = 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/';

/** What the vendor's pages say, by page. */
const vendors: Readonly<Record<string, readonly Line[]>> = {
  'understanding-the-cache-key': [
    [
      'key',
      'the key',
      'path and query (RFC 9111, 2)',
      'the path, the query strings, headers and cookies that the cache policy names, and the one coding chosen of Accept-Encoding',
    ],
  ],
  Expiration: [
    [
      'targetedFields',
      '`CDN-Cache-Control`',
      'outweighs `Cache-Control` (RFC 9213)',
      'is a field like others',
    ],
    [
      'heuristicShare',
      'an answer without a lifetime',
      'a tenth of the time since `Last-Modified` (RFC 9111, 4.2.2)',
      'the default TTL',
    ],
    [
      'ttl',
      'a lifetime',
      'as the origin says (RFC 9111, 4.2.1)',
      'between the minimum and the maximum TTL; a minimum above 0 outweighs `no-store`, `no-cache` and `private`; nothing stale beyond the maximum',
    ],
    [
      'errorIsDisconnection',
      'a 5xx while something stale is there',
      'passed on, but for `stale-if-error` (RFC 9111, 4.2.4)',
      'the stale answer, unless it says `stale-if-error=0`, or `must-revalidate`, `proxy-revalidate` or `no-cache`, of which the page says nothing',
    ],
  ],
  HTTPStatusCodes: [
    [
      'errorTtl',
      'an error',
      'an answer like others (RFC 9111, 3)',
      '404, 414, 500, 501, 502, 503 and 504 are kept for 10 s, or as `errorPages` say, or as the origin says where that is longer',
    ],
    [
      'storesStatus',
      'other errors, 307 and 308',
      'kept as the origin says, 308 by heuristics, too (RFC 9111, 3; RFC 9110, 15.4.9)',
      `400, 403, 405 and 415 only with \`max-age\` or \`s-maxage\`; the rest never, not even 412, which answers one request’s condition; [307 and 308](${guide}http-3xx-status-codes.html) only with \`Cache-Control\``,
    ],
    [
      'sparesTroubledOrigin',
      'an origin in trouble',
      'asked again with each request',
      'asked again once the error TTL is over',
    ],
    [
      'sharedLifetimeIsStrict',
      '`s-maxage` and an origin in trouble',
      'nothing stale (RFC 9111, 5.2.2.10)',
      'a lifetime like `max-age`',
    ],
  ],
  RequestAndResponseBehaviorCustomOrigin: [
    [
      'honoursVary',
      '`Vary`',
      'selects (RFC 9111, 4.1)',
      'does not select: what matters is in the key. `*` is kept only with a minimum TTL above 0',
    ],
    ['requestDirectives', "the viewer's `Cache-Control`", 'obeyed (RFC 9111, 5.2.1)', 'without effect'],
    [
      'storesPost',
      'an answer to POST',
      'kept where it says that it is that of GET (RFC 9110, 9.3.3)',
      'never kept',
    ],
    ['edge', 'GET with a body', 'passed on (RFC 9110, 9.3.1)', '403'],
    [
      'edge',
      'a request or an address that is too long',
      '400, 414 (RFC 9110, 5.4 and 15.5.15)',
      'the same here; in an account 413 for both',
    ],
    [
      'edge',
      'a viewer that leaves midway',
      'the answer is fetched to its end, and kept',
      'the same here; in an account it is not kept',
    ],
  ],
  Invalidation: [
    [
      'invalidatesOnUnsafe',
      'a successful PUT, POST or DELETE',
      'makes what is kept of its path invalid (RFC 9111, 4.4)',
      'changes nothing: of ways to remove a file before its time the page has two, to invalidate it and to name it anew',
    ],
  ],
  'add-origin-custom-headers': [
    [
      'guardsAuthorization',
      'an answer to a request with `Authorization`',
      'kept only where the origin allows it (RFC 9111, 3.5)',
      'kept; the field reaches the origin only when it is in the key, or nothing is kept',
    ],
  ],
  RangeGETs: [
    [
      'rangeBlock',
      'a range that is not there',
      'asked for as it is (RFC 9110, 14.2)',
      'asked for in whole blocks, here of 1 MB, so that its neighbours are there',
    ],
  ],
  Cookies: [
    [
      'edge',
      '`Set-Cookie`',
      'kept with the answer (RFC 9111, 7.3)',
      'taken off where no cookie reaches the origin; kept where cookies are in the key',
    ],
  ],
  'controlling-origin-requests': [
    [
      'edge',
      "the viewer's header fields",
      'passed on (RFC 9110, 7.6.1)',
      'only those of the key and of the origin request policy, and what describes the body; in an account `User-Agent`, too, as `Amazon CloudFront`',
    ],
  ],
  DownloadDistValuesOrigin: [
    [
      'edge',
      'a request that breaks on its way to the origin',
      'sent once more on a new connection, if it may be and the old one was a kept one (RFC 9110, 9.2.2)',
      'GET and HEAD are sent twice at most, whatever the connection',
    ],
  ],
};

/** What is a choice of ours. */
const ours: readonly Line[] = [
  [
    'perExchange',
    '`x-request-id`, `traceparent`, `server-timing`, `x-gateway-cache` and others of one exchange',
    'kept with the answer (RFC 9111, 3.1)',
    'not kept here: they would be untrue of the next viewer. In an account they are kept',
  ],
  [
    'edge',
    'a failure of the edge to reach the origin',
    '502 or 504, not kept',
    'the same here; in an account kept for the error TTL',
  ],
  [
    'edge',
    '`X-Cache`',
    '`Cache-Status` (RFC 9211)',
    '`hit`, `stale`, `revalidated`, `miss`, `pass`, `function` or `error`; in an account the vendor’s words, such as `Hit from cloudfront`',
  ],
];

/** Every point in which they differ. */
export const differences: readonly Difference[] = [
  ...Object.entries(vendors).flatMap(([page, lines]) => differencesOf(lines, `${guide}${page}.html`)),
  ...differencesOf(ours, undefined),
];

function differencesOf(lines: readonly Line[], page: string | undefined): Difference[] {
  return lines.map(([by, about, standard, cloudFront]) => ({ by, about, standard, cloudFront, page }));
}
