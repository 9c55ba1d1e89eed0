import { limits } from '../model/limits.ts';
import type { Exchange, Stage } from './exchange.ts';
import { gatewayResponse } from './gateway-response.ts';
import { canonicalPath } from './path.ts';

/**
 * Finds out what is asked for: canonical path, query, and the two headers that the stages read.
 * Refuses a target that has no canonical form (400), headers beyond the vendor's total (431), a body declared too
 * long (413), and more than one Authorization or other than one Host (RFC 9112, 3.2): of two headers a service might
 * read another than the gateway.
 */
export const identify: Stage = (exchange) => {
  const target = exchange.request.url ?? '';
  const headers = readHeaders(exchange);
  if (headers.size + target.length > limits.gatewayHeaders.value)
    return gatewayResponse('REQUEST_HEADERS_TOO_LARGE');
  if (headers.bodyLength > limits.gatewayPayload.value) {
    return { ...gatewayResponse('REQUEST_TOO_LARGE'), close: true };
  }
  const origin = originForm(target);
  const question = origin.indexOf('?');
  const path = canonicalPath(question < 0 ? origin : origin.slice(0, question));
  if (path === undefined || headers.ambiguous) return gatewayResponse('BAD_REQUEST');
  exchange.path = path;
  if (question >= 0) exchange.query = origin.slice(question + 1);
  if (exchange.query.includes('#')) return gatewayResponse('BAD_REQUEST');
  return undefined;
};

/** Path and query of an absolute request target, which servers must accept (RFC 9112, 3.2.2). */
function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  return /^https?:\/\/[^/?#]*(\/.*)$/i.exec(target)?.[1] ?? target;
}

/** One pass over the headers as they came: the total of the values, and the ones that matter here. */
function readHeaders(exchange: Exchange): { size: number; bodyLength: number; ambiguous: boolean } {
  const raw = exchange.request.rawHeaders;
  const read = { size: 0, bodyLength: 0, ambiguous: false };
  let hosts = 0;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    read.size += value.length;
    if (name.length === 13) {
      const lower = name.toLowerCase();
      if (lower === 'authorization') {
        read.ambiguous ||= exchange.authorization !== undefined;
        exchange.authorization = value;
      } else if (lower === 'cache-control') {
        exchange.cacheControl =
          exchange.cacheControl === undefined ? value : `${exchange.cacheControl},${value}`;
      }
    } else if (name.length === 14 && name.toLowerCase() === 'content-length') {
      read.bodyLength = Number(value);
    } else if (name.length === 4 && name.toLowerCase() === 'host') {
      hosts++;
    }
  }
  read.ambiguous ||= hosts > 1 || (hosts === 0 && exchange.request.httpVersion !== '1.0');
  return read;
}
