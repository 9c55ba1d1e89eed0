import type { Caller, Exchange } from './exchange.ts';

/** Headers of one connection, not of the message (RFC 9110, 7.6.1). */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** What only the gateway says, and what it does not pass on: the token stays here, the service gets the caller. */
const ours = [
  'authorization',
  'b3',
  'baggage',
  'expect',
  'forwarded',
  'host',
  'traceparent',
  'tracestate',
  'via',
  'x-client-ip',
  'x-real-ip',
  'x-request-id',
];

/** Families of headers that claim to come from the gateway, the vendor, or the mesh's proxies. */
const families = /^(?:x-strata-|x-amzn-|x-amz-cf-|x-forwarded-|x-envoy-|x-b3-)/;

const dropped = new Set([...hopByHop, ...ours]);
const perConnection = new Set([...hopByHop, 'expect', 'traceparent', 'tracestate', 'x-request-id']);

/**
 * The headers of a request to the service: the client's, without those that are not its to say, and the gateway's own.
 * Names and values in turn.
 */
export function integrationHeaders(exchange: Exchange): string[] {
  const { rawHeaders } = exchange.request;
  const named = connectionNamed(rawHeaders);
  const headers: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (dropped.has(name) || named?.has(name) || families.test(name)) continue;
    headers.push(name, rawHeaders[index + 1] ?? '');
  }
  return append(headers, exchange, exchange.caller);
}

/**
 * The headers a function gets: the client's as they came, without those of one connection and those that claim to
 * come from here, and the gateway's own. Names and values in turn.
 */
export function functionHeaders(exchange: Exchange): string[] {
  const { rawHeaders } = exchange.request;
  const named = connectionNamed(rawHeaders);
  const headers: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const lower = name.toLowerCase();
    if (perConnection.has(lower) || named?.has(lower) || families.test(lower)) continue;
    headers.push(name, rawHeaders[index + 1] ?? '');
  }
  return append(headers, exchange, nobody);
}

/**
 * The headers of a request whose answer is stored for everyone: nothing of the client that asks first,
 * so that nobody's preconditions, cookies or identity can be in an answer to others.
 */
export function sharedHeaders(exchange: Exchange): string[] {
  return append(['accept', '*/*'], exchange, nobody);
}

/** Names that a message's Connection header gives to this hop (RFC 9110, 7.6.1). */
export function connectionNamed(rawHeaders: readonly string[]): Set<string> | undefined {
  let names: Set<string> | undefined;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() !== 'connection') continue;
    names ??= new Set();
    for (const name of (rawHeaders[index + 1] ?? '').toLowerCase().split(',')) names.add(name.trim());
    // What frames the body is never this hop's alone to name away.
    names.delete('content-length');
  }
  return names;
}

const nobody: Caller = {};

function append(headers: string[], { request, requestId, traceparent }: Exchange, caller: Caller): string[] {
  headers.push('x-request-id', requestId, 'traceparent', traceparent);
  headers.push('x-forwarded-for', request.socket.remoteAddress ?? '');
  headers.push('x-forwarded-proto', 'http', 'x-forwarded-port', String(request.socket.localPort ?? ''));
  if (caller.principal !== undefined) headers.push('x-strata-principal', caller.principal);
  if (caller.role !== undefined) headers.push('x-strata-role', caller.role);
  return headers;
}
