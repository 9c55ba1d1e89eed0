import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Readable, Writable } from 'node:stream';

/** Who sends a request, as the connection it came on tells. */
export interface Viewer {
  readonly address: string;
  /** Whether it speaks TLS. */
  readonly encrypted: boolean;
}

/** Where a request of a connection that is no plain socket carries its viewer. */
export const viewerKey: unique symbol = Symbol('viewer');

/** A request of any protocol, as node:http gives those of HTTP/1.1. */
export interface ViewerRequest extends Readable {
  readonly method?: string | undefined;
  /** Path and query. */
  readonly url?: string | undefined;
  readonly httpVersion: string;
  /** Names and values in turn. */
  readonly rawHeaders: string[];
  readonly headers: IncomingHttpHeaders;
  /** Whether all of it has come. */
  readonly complete: boolean;
  readonly socket?: { readonly remoteAddress?: string | undefined };
  readonly [viewerKey]?: Viewer;
}

/** The answer to a request of any protocol, as node:http gives those of HTTP/1.1. */
export interface ViewerResponse extends Writable {
  readonly req: ViewerRequest;
  readonly headersSent: boolean;
  /** Whether the connection lasts after it. */
  readonly shouldKeepAlive: boolean;
  readonly statusCode: number;
  writeHead(status: number, reason?: string, headers?: OutgoingHttpHeaders | string[]): this;
  writeHead(status: number, headers?: OutgoingHttpHeaders | string[]): this;
  flushHeaders(): void;
  /** Interim answers, where the protocol's side has them. */
  writeProcessing?(): void;
  writeEarlyHints?(hints: Record<string, string>): void;
}

/** Answers one request. */
export type AnswerRequest = (request: ViewerRequest, response: ViewerResponse) => void;
