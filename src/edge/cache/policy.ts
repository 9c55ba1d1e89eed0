import type { Directives } from './directives.ts';
import type { CacheRequest } from './message.ts';

/** What a request's key is made of. */
export type KeyParts = Pick<CacheRequest, 'method' | 'origin' | 'target' | 'headers'>;

/**
 * Where caches may differ, as data: what RFC 9111 leaves open, and what a vendor does otherwise. `rfcPolicy` is a
 * shared cache by the book; `cloudFrontPolicy` is CloudFront's.
 */
export interface CachePolicy {
  /** The primary key (RFC 9111, section 2). */
  readonly key: (request: KeyParts) => string;
  /** Fields that replace Cache-Control here, first to last (RFC 9213). */
  readonly targetedFields: readonly string[];
  /** Share of the time since Last-Modified that a response without freshness is fresh (RFC 9111, section 4.2.2); 0 for none. */
  readonly heuristicShare: number;
  /** Seconds that bound or replace what the origin says; undefined to take its word. */
  readonly ttl: { readonly min: number; readonly default: number; readonly max: number } | undefined;
  /** Seconds an error of this status is kept at least; undefined to treat errors as any response. */
  readonly errorTtl: ((status: number) => number) | undefined;
  /** Whether a response of this status may be stored at all, given what its Cache-Control says. */
  readonly storesStatus: (status: number, directives: Directives) => boolean;
  /** Methods that are answered from the store, beside HEAD. */
  readonly cachedMethods: ReadonlySet<string>;
  /** Whether the viewer's Cache-Control is obeyed (RFC 9111, section 5.2.1). */
  readonly requestDirectives: boolean;
  /** Whether Authorization forbids reuse (RFC 9111, section 3.5) or is left to the key. */
  readonly guardsAuthorization: boolean;
  /** Whether Vary selects (RFC 9111, section 4.1), or only the key does. */
  readonly honoursVary: boolean;
  /** Whether a response to POST may answer GET (RFC 9110, section 9.3.3). */
  readonly storesPost: boolean;
  /** Whether a successful unsafe request makes what is stored invalid (RFC 9111, section 4.4). */
  readonly invalidatesOnUnsafe: boolean;
  /** Whether a 5xx is taken for no answer, so that a stale response may be used (RFC 9111, section 4.3.3). */
  readonly errorIsDisconnection: boolean;
  /** Whether `s-maxage` forbids to use a response stale (RFC 9111, section 5.2.2.10), or is a lifetime and no more. */
  readonly sharedLifetimeIsStrict: boolean;
  /** Fields of an answer that tell of one exchange: not stored, by lower-case name. */
  readonly perExchange: ReadonlySet<string>;
  /** Bytes that a range is widened to multiples of before it is fetched; undefined to fetch what is asked for. */
  readonly rangeBlock: number | undefined;
  /** Whether a stale response stands in for the error TTL before an origin in trouble is asked again. */
  readonly sparesTroubledOrigin: boolean;
}

/** A shared cache as RFC 9111 has it: what `strata edge serve` is. */
export const rfcPolicy: CachePolicy = {
  key: ({ target }) => target,
  targetedFields: ['cdn-cache-control'],
  heuristicShare: 0.1,
  ttl: undefined,
  errorTtl: undefined,
  storesStatus: () => true,
  cachedMethods: new Set(['GET']),
  requestDirectives: true,
  guardsAuthorization: true,
  honoursVary: true,
  storesPost: true,
  invalidatesOnUnsafe: true,
  errorIsDisconnection: false,
  sharedLifetimeIsStrict: true,
  perExchange: new Set(),
  rangeBlock: undefined,
  sparesTroubledOrigin: false,
};
