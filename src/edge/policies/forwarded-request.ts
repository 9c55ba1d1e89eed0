import type {
  CachePolicyPlan,
  OriginRequestPolicyPlan,
} from '../../model/sections/access/managed-policies.ts';
import { includes, type NameSet } from '../../model/sections/access/name-set.ts';
import { type FieldLines, filterFields, linesOf } from '../cache/fields.ts';

/** What an origin gets of a request: what is in the key, and what the origin request policy adds. */
export interface ForwardedRequest {
  /** Path and query. */
  readonly target: (target: string) => string;
  readonly headers: (headers: FieldLines) => string[];
  /** Whether the origin sees any cookie; of one that sees none, no cookie is taken either. */
  readonly cookies: boolean;
}

/** Fields that reach an origin without being named: they describe the body, or belong to the cache's own exchange. */
const always = new Set([
  'content-encoding',
  'content-language',
  'content-length',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
  'transfer-encoding',
]);

const nothing: NameSet = { behavior: 'none', items: [] };

/**
 * What CloudFront forwards by a cache policy and an origin request policy.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-origin-requests.html
 */
export function forwardedRequest(
  cache: CachePolicyPlan,
  added: OriginRequestPolicyPlan | undefined,
): ForwardedRequest {
  const query = union(cache.query, added?.query ?? nothing);
  const cookies = union(cache.cookies, added?.cookies ?? nothing);
  const keyed = new Set(cache.headers.map((name) => name.toLowerCase()));
  const passing = cache.compression.length > 0 ? new Set([...always, 'accept-encoding']) : always;
  const headers = added ? lowerCase(added.headers) : nothing;
  const anyCookie = cache.cookies.behavior !== 'none' || (added?.cookies.behavior ?? 'none') !== 'none';
  return {
    target: (target) => withQuery(target, query),
    cookies: anyCookie,
    headers(fields) {
      const kept = filterFields(
        fields,
        (name) => name !== 'cookie' && (passing.has(name) || keyed.has(name) || includes(headers, name)),
      );
      const sent = anyCookie ? cookieLine(fields, cookies) : '';
      if (sent !== '') kept.push('cookie', sent);
      return kept;
    },
  };
}

/** A target with the query strings that pass, as they were sent and in their order. */
export function withQuery(target: string, passes: (name: string) => boolean): string {
  const at = target.indexOf('?');
  if (at < 0) return target;
  const pairs = target
    .slice(at + 1)
    .split('&')
    .filter((pair) => passes(nameIn(pair)));
  const path = target.slice(0, at);
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

function cookieLine(fields: FieldLines, passes: (name: string) => boolean): string {
  return linesOf(fields, 'cookie')
    .flatMap((line) => line.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && passes(nameIn(pair)))
    .join('; ');
}

function nameIn(pair: string): string {
  const at = pair.indexOf('=');
  return at < 0 ? pair : pair.slice(0, at);
}

function union(one: NameSet, other: NameSet): (name: string) => boolean {
  return (name) => includes(one, name) || includes(other, name);
}

function lowerCase({ behavior, items }: NameSet): NameSet {
  return { behavior, items: items.map((name) => name.toLowerCase()) };
}
