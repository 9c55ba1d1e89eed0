import type { IncomingMessage, ServerResponse } from 'node:http';
import { limits } from './limits.ts';

/** One request and where its answer goes. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

/** A request body that is larger than the limit. */
export class BodyTooLarge extends Error {}

/** Reads a request's body as text. Throws BodyTooLarge beyond the limit. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > limits.bodySize) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Answers with a whole body. */
export function answer(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string | number>>,
): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** Answers with JSON. */
export function answerJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string | number>> = {},
): void {
  answer(response, status, JSON.stringify(value), { 'content-type': 'application/json', ...headers });
}

/** Leads the browser on, with GET. */
export function redirect(response: ServerResponse, location: string): void {
  answer(response, 303, '', { location });
}
