import type { IncomingMessage } from 'node:http';

/** Who sends a request, as the connection it came on tells. */
export interface Viewer {
  readonly address: string;
  /** Whether it speaks TLS. */
  readonly encrypted: boolean;
}

/** A request of a connection that is no plain socket carries its viewer itself. */
export const viewerKey: unique symbol = Symbol('viewer');

/** The viewer of a request. To be asked when the request comes, for its socket may go. */
export function viewerOf(request: IncomingMessage & { readonly [viewerKey]?: Viewer }): Viewer {
  return (
    request[viewerKey] ?? {
      address: request.socket.remoteAddress ?? '',
      encrypted: 'encrypted' in request.socket,
    }
  );
}
