import type { AnswerHeaders, Exchange } from './exchange.ts';

/** Our name in `Via` (RFC 9110, section 7.6.3). */
const via = '1.1 strata-edge';

/** Fields that belong to one connection (RFC 9110, section 7.6.1), and those a proxy answers itself. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'http2-settings',
]);

/** Fields only the platform itself may set: a viewer's are dropped. */
const internal = /^(?:forwarded$|x-forwarded-|x-real-ip$|x-strata-|x-amz-cf-|x-amzn-|x-edge-|cloudfront-)/;

/**
 * The header fields the gateway gets: end-to-end fields in the viewer's order, without internal ones; Host
 * rewritten, X-Forwarded-For, -Proto and -Host set anew from what the edge itself saw.
 */
export function requestHeadersTo(origin: string, { request, viewer }: Exchange): string[] {
  const named = connectionOptions(request.headers.connection);
  const headers: string[] = ['host', origin];
  let received = '';
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? '';
    const value = request.rawHeaders[index + 1] ?? '';
    const lower = name.toLowerCase();
    if (lower === 'via') received = received ? `${received}, ${value}` : value;
    else if (lower !== 'host' && !hopByHop.has(lower) && !internal.test(lower) && !named.has(lower)) {
      headers.push(name, value);
    }
  }
  headers.push(
    'x-forwarded-for',
    viewer.address,
    'x-forwarded-proto',
    viewer.encrypted ? 'https' : 'http',
    'x-forwarded-host',
    request.headers.host ?? '',
    'via',
    received ? `${received}, ${via}` : via,
  );
  return headers;
}

/** The header fields the viewer gets of an origin's answer. */
export function answerHeadersFrom(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): AnswerHeaders {
  const named = connectionOptions(headers.connection);
  const kept: AnswerHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !hopByHop.has(name) && !named.has(name)) kept[name] = value;
  }
  const received = headers.via === undefined ? '' : `${[headers.via].flat().join(', ')}, `;
  kept.via = received + via;
  return kept;
}

/** The fields that `Connection` names as belonging to this connection too. */
function connectionOptions(value: string | readonly string[] | undefined): Set<string> {
  const options = [value ?? []].flat().join(',');
  return new Set(options.split(',').map((option) => option.trim().toLowerCase()));
}
