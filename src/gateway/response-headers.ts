import { connectionNamed } from './request-headers.ts';

/** Of one hop, of the proxies in between, or the gateway's own to say. */
const dropped = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'server',
  'server-timing',
  'te',
  'traceparent',
  'tracestate',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'x-gateway-cache',
  'x-request-id',
]);
const families = /^(?:x-strata-|x-amzn-|x-envoy-)/;

/** What says how one request was answered, or is meant for one client: never part of an answer to another. */
const ofOneRequest = new Set(['set-cookie', 'x-entity-cache']);

/** A service's headers as the client gets them; names in lower case and values in turn. */
export function clientHeaders(raw: readonly string[]): { headers: string[]; timing: string | undefined } {
  const named = connectionNamed(raw);
  const headers: string[] = [];
  let timing: string | undefined;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const value = raw[index + 1] ?? '';
    if (name === 'server-timing') timing = timing === undefined ? value : `${timing}, ${value}`;
    if (!dropped.has(name) && !named?.has(name) && !families.test(name)) headers.push(name, value);
  }
  return { headers, timing };
}

/** The headers that may be stored with an answer. */
export function storedHeaders(headers: readonly string[]): string[] {
  return headers.filter((_, index) => !ofOneRequest.has((headers[index - (index % 2)] ?? '').toLowerCase()));
}
