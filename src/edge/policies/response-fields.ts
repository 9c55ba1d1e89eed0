import { type FieldLines, fieldValue } from '../cache/fields.ts';
import { type ResponseHeadersPolicy, securityHeaders } from '../security-headers.ts';

/** What a response headers policy makes of an answer's fields. */
export interface ResponseFields {
  /** Lower-case names that an answer loses: those the policy removes, and those it sets. */
  readonly dropped: ReadonlySet<string>;
  /** Names and values in turn that every answer gets. */
  readonly added: FieldLines;
  /** The fields that depend on the viewer's request. */
  readonly of: (requestHeaders: FieldLines) => FieldLines;
}

const none: ResponseFields = { dropped: new Set(), added: [], of: () => [] };

/**
 * The fields of a response headers policy, over whatever the origin sent.
 * @param bound whether the host is to be bound to TLS
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
 */
export function responseFields(policy: ResponseHeadersPolicy | undefined, bound: boolean): ResponseFields {
  if (!policy) return none;
  const { cors } = policy;
  const set = securityHeaders(policy, { bound });
  const dropped = [...policy.remove.map((name) => name.toLowerCase()), ...Object.keys(set)];
  return {
    dropped: new Set(cors ? [...dropped, ...corsFields] : dropped),
    added: Object.entries(set).flat(),
    of: cors ? (headers) => crossOrigin(cors, headers) : none.of,
  };
}

const corsFields = [
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'access-control-max-age',
];

/** Who may read an answer from another origin: https://fetch.spec.whatwg.org/#http-cors-protocol */
function crossOrigin(cors: NonNullable<ResponseHeadersPolicy['cors']>, headers: FieldLines): FieldLines {
  const origin = fieldValue(headers, 'origin');
  if (origin === undefined) return [];
  const anyone = cors.origins.includes('*') && !cors.credentials;
  const known = cors.origins.some((allowed) => allowed === '*' || matches(allowed, origin));
  if (!known) return [];
  const fields = ['access-control-allow-origin', anyone ? '*' : origin];
  if (!anyone) fields.push('vary', 'Origin');
  if (cors.credentials) fields.push('access-control-allow-credentials', 'true');
  if (cors.expose.length > 0) fields.push('access-control-expose-headers', cors.expose.join(', '));
  if (fieldValue(headers, 'access-control-request-method') !== undefined) {
    fields.push('access-control-allow-methods', cors.methods.join(', '));
    fields.push('access-control-allow-headers', cors.headers.join(', '));
    fields.push('access-control-max-age', String(Math.floor(cors.maxAge / 1000)));
  }
  return fields;
}

/** `*` in an origin stands for a part of its name, such as 'https://*.example.com'. */
function matches(allowed: string, origin: string): boolean {
  const at = allowed.indexOf('*');
  if (at < 0) return allowed === origin;
  const [before, after] = [allowed.slice(0, at), allowed.slice(at + 1)];
  return origin.length > before.length + after.length && origin.startsWith(before) && origin.endsWith(after);
}
