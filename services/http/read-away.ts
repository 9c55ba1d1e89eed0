import type { IncomingMessage } from 'node:http';

/**
 * Reads what is left of a request's body away, and then calls `done`: an answer in the middle of a body, with the
 * connection closed over bytes that were not read, resets it, and the answer may be lost (RFC 9112, section 9.6).
 * The server's time limit of a request ends it in any case.
 */
export function readAway(request: IncomingMessage, done: () => void): void {
  if (request.complete || request.destroyed) {
    done();
    return;
  }
  request.once('close', done);
  request.resume();
}
