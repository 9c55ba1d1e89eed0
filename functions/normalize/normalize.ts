import type { ViewerRequest, ViewerResponse } from './event.ts';
import { dropInternalHeaders } from './headers.ts';
import { canonicalPath } from './path.ts';
import { sortedQuery } from './query.ts';

/** What the function is built with: a function at the edge has no environment. */
export interface NormalizeConfiguration {
  /** The one name viewers are to use; requests under another are sent there. Any name when left out. */
  readonly host?: string;
  /** Whether a path that ends with a slash means the folder's index.html. */
  readonly pages: boolean;
  /** Whether nothing is here for anyone: where no behaviour has the path. */
  readonly nothing?: boolean;
}

/**
 * Brings a viewer's request into one form before the cache looks at it: the platform's host name, a canonical path,
 * a sorted query, and none of the headers only the platform may set. Answers by itself what has no such form.
 */
export function normalize(
  request: ViewerRequest,
  configuration: NormalizeConfiguration,
): ViewerRequest | ViewerResponse {
  if (configuration.nothing) return refusal(404, 'Not Found');
  const path = canonicalPath(request.uri);
  if (path === undefined) return refusal(400, 'Bad Request');
  const query =
    typeof request.querystring === 'string' ? request.querystring : sortedQuery(request.querystring);
  const host = request.headers.host;
  if (configuration.host !== undefined && (host === undefined || hostOf(host.value) !== configuration.host)) {
    return redirect(`https://${configuration.host}${path}${query === '' ? '' : `?${query}`}`);
  }
  dropInternalHeaders(request.headers);
  request.uri = configuration.pages && path.slice(-1) === '/' ? `${path}index.html` : path;
  request.querystring = query;
  return request;
}

/** A Host field without the port, in lower case (RFC 9110, 4.2.3). */
function hostOf(field: string): string {
  return field.toLowerCase().replace(/:\d*$/, '');
}

/** 308 keeps the method and the body (RFC 9110, 15.4.9). */
function redirect(location: string): ViewerResponse {
  return {
    statusCode: 308,
    statusDescription: 'Permanent Redirect',
    headers: { location: { value: location }, 'cache-control': { value: 'public, max-age=3600' } },
  };
}

function refusal(statusCode: number, statusDescription: string): ViewerResponse {
  return { statusCode, statusDescription, headers: { 'cache-control': { value: 'no-store' } } };
}
