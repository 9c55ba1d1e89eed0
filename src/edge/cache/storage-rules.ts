import { type Directives, isUnqualified, parseDirectives, qualifiedFields } from './directives.ts';
import { type FieldLines, fieldValue, filterFields, linesOf } from './fields.ts';
import type { Freshness } from './freshness.ts';
import type { CachePolicy } from './policy.ts';
import { understood } from './status-codes.ts';
import { governingDirectives } from './targeted.ts';
import { variesByAll } from './vary.ts';

/** What the decision to store looks at. */
export interface Storable {
  readonly requestHeaders: FieldLines;
  readonly status: number;
  readonly headers: FieldLines;
  readonly freshness: Freshness;
}

/** What answers a condition or a range says nothing about the resource to others. */
const ofOneRequest = new Set([304, 412, 416]);

/** Whether a response to GET may be stored (RFC 9111, section 3), and whether that is of any use. */
export function mayStore(response: Storable, policy: CachePolicy): boolean {
  const { status, headers, requestHeaders, freshness } = response;
  const { directives } = governingDirectives(headers, policy.targetedFields);
  if (status < 200 || ofOneRequest.has(status) || !policy.storesStatus(status, directives)) return false;
  const overridden = policy.ttl !== undefined && policy.ttl.min > 0;
  if (!overridden && variesByAll(headers)) return false;
  if (forbidsRequest(requestHeaders, directives, policy)) return false;
  const keptError = policy.errorTtl !== undefined && status >= 400 && policy.errorTtl(status) > 0;
  if (!overridden && !keptError && forbidsStoring(status, directives)) return false;
  return isUseful(headers, freshness);
}

function forbidsRequest(requestHeaders: FieldLines, directives: Directives, policy: CachePolicy): boolean {
  if (policy.requestDirectives && parseDirectives(linesOf(requestHeaders, 'cache-control')).has('no-store'))
    return true;
  // RFC 9111, section 3.5
  return (
    policy.guardsAuthorization &&
    linesOf(requestHeaders, 'authorization').length > 0 &&
    !['public', 's-maxage', 'must-revalidate'].some((name) => directives.has(name))
  );
}

/** `must-understand` outweighs `no-store` where the status is known, and forbids where it is not (RFC 9111, section 5.2.2.3). */
function forbidsStoring(status: number, directives: Directives): boolean {
  if (isUnqualified(directives, 'private')) return true;
  if (directives.has('must-understand')) return !understood.has(status);
  return directives.has('no-store');
}

/** A response that is never fresh and has nothing to validate it with is not worth its bytes. */
function isUseful(headers: FieldLines, freshness: Freshness): boolean {
  if (fieldValue(headers, 'etag') !== undefined || fieldValue(headers, 'last-modified') !== undefined)
    return true;
  if (freshness.alwaysValidate) return false;
  return freshness.lifetime + freshness.staleWhileRevalidate + (freshness.staleIfError ?? 0) > 0;
}

/** The fields that are stored: not those of one exchange, nor those the origin reserves with a qualified `no-cache` or `private`. */
export function storedFields(headers: FieldLines, policy: CachePolicy): FieldLines {
  const { directives } = governingDirectives(headers, policy.targetedFields);
  const reserved = new Set([
    ...qualifiedFields(directives, 'no-cache'),
    ...qualifiedFields(directives, 'private'),
  ]);
  return filterFields(
    headers,
    (name) => name !== 'age' && !reserved.has(name) && !policy.perExchange.has(name),
  );
}
