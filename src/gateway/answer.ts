/** A complete answer. The gateway sends whole answers only, as the vendor does: nothing is streamed to the client. */
export interface Answer {
  readonly status: number;
  /** Names and values in turn, as `ServerResponse.writeHead` takes them. */
  readonly headers: readonly string[];
  /** Text is one byte a character (latin1): it goes out in one write with the head. */
  readonly body: Buffer | string;
  /** The service's own `server-timing`, which the gateway's is added to. */
  readonly timing?: string | undefined;
  /** Set where the rest of the request's body is not going to be read. */
  readonly close?: boolean;
}
