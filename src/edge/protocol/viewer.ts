import { type ViewerRequest, viewerKey } from './message.ts';

/** Who sends a request, as the connection it came on tells. */
export interface Viewer {
  readonly address: string;
  /** Whether it speaks TLS. */
  readonly encrypted: boolean;
}

/** The viewer of a request. To be asked when the request comes, for its socket may go. */
export function viewerOf(request: ViewerRequest): Viewer {
  return (
    request[viewerKey] ?? {
      address: request.socket?.remoteAddress ?? '',
      encrypted: request.socket !== undefined && 'encrypted' in request.socket,
    }
  );
}
