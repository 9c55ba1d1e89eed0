import { type Viewer, type ViewerRequest, viewerKey } from './message.ts';

/** The viewer of a request. To be asked when the request comes, for its socket may go. */
export function viewerOf(request: ViewerRequest): Viewer {
  return (
    request[viewerKey] ?? {
      address: request.socket?.remoteAddress ?? '',
      encrypted: request.socket !== undefined && 'encrypted' in request.socket,
    }
  );
}
