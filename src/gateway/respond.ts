import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import type { Exchange } from './exchange.ts';

/** Milliseconds that the rest of a request is read for before its connection is closed. */
const lingerTimeout = 5_000;

/**
 * Writes an answer: its own headers, the vendor's request id, and where the plan says so the headers that explain it.
 * @param duration milliseconds the request took in the gateway
 * @param close whether the connection ends with this answer
 */
export function respond(exchange: Exchange, answer: Answer, duration: number, close: boolean): void {
  const { request, response, requestId, deployment } = exchange;
  const headers = answer.headers.slice();
  headers.push('x-amzn-RequestId', requestId);
  if (deployment.configuration.plan.explain) {
    headers.push('x-request-id', requestId, 'traceparent', exchange.traceparent);
    if (exchange.cache !== undefined) headers.push('x-gateway-cache', exchange.cache);
    const own = `gateway;dur=${Math.round(duration * 1000) / 1000}`;
    headers.push('server-timing', answer.timing === undefined ? own : `${answer.timing}, ${own}`);
  } else if (answer.timing !== undefined) {
    headers.push('server-timing', answer.timing);
  }
  if (exchange.warning !== undefined) headers.push('warning', exchange.warning);
  if (close) headers.push('connection', 'close');
  response.writeHead(answer.status, headers);
  if (!request.complete && (close || !response.shouldKeepAlive)) linger(request, response, answer);
  else if (typeof answer.body === 'string') response.end(answer.body, 'latin1');
  else response.end(answer.body);
}

/**
 * Sends the whole answer and closes the connection only when the request has been read to its end: closing it over
 * unread bytes resets it, and the client may never see the answer (RFC 9112, section 9.6).
 */
function linger(request: IncomingMessage, response: ServerResponse, { body }: Answer): void {
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, lingerTimeout);
  request.once('close', end);
  response.flushHeaders();
  if (typeof body === 'string') response.write(body, 'latin1');
  else response.write(body);
  request.resume();
}
