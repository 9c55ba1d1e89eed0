import { foldAcceptEncoding } from './accept-encoding.ts';
import { redirect, refusal } from './answers.ts';
import { behaviorFinder } from './behavior.ts';
import type { NormalizeConfiguration } from './configuration.ts';
import { setDeviceClass } from './device-class.ts';
import type { GeneratedResponse, ViewerRequest } from './event.ts';
import { dropInternalHeaders } from './internal-headers.ts';
import { canonicalPath } from './path.ts';
import { canonicalQuery } from './query.ts';
import { applySession } from './session.ts';

/**
 * Makes the function that brings a viewer's request into one form before the cache looks at it: the platform's host
 * name, a canonical path, a sorted query of what means something, few values of Accept-Encoding and of the device, the
 * session's cookie as a token where one is asked for, and none of the header fields only the platform may set. It
 * answers by itself what has no such form.
 */
export function createNormalize(
  configuration: NormalizeConfiguration,
): (request: ViewerRequest) => ViewerRequest | GeneratedResponse {
  const { host } = configuration;
  const behaviorOf = behaviorFinder(configuration.behaviors);

  return (request) => {
    const { headers, uri } = request;
    const behavior = behaviorOf(uri);
    if (!behavior) return refusal('404', 'Not Found');
    const path = canonicalPath(uri);
    // Two slashes in front would make another host's address of it.
    if (path === undefined || path.startsWith('//')) return refusal('400', 'Bad Request');
    // A page reads its query itself: what leads elsewhere leads there with all of it.
    const address = withQuery(path, canonicalQuery(request.querystring, 'all'));
    if (host !== undefined && hostOf(headers.host?.[0]?.value ?? '') !== host) {
      return redirect(`https://${host}${address}`);
    }
    // The CDN has chosen the behaviour already: under its own name the path gets its own.
    if (behaviorOf(path) !== behavior) return redirect(address);
    dropInternalHeaders(headers);
    if (!applySession(request, path, configuration)) return refusal('403', 'Forbidden');
    foldAcceptEncoding(headers);
    setDeviceClass(headers);
    request.uri = behavior.pages ? documentPath(path) : path;
    request.querystring = canonicalQuery(request.querystring, behavior.query);
    return request;
  };
}

function withQuery(path: string, query: string): string {
  return query === '' ? path : `${path}?${query}`;
}

/** A Host field without the port, in lower case (RFC 9110, 4.2.3). */
function hostOf(field: string): string {
  return field.toLowerCase().replace(/:\d*$/, '');
}

/** The file of a page: a folder's, which is what ends with a slash or has no dot in its last segment, is index.html. */
function documentPath(path: string): string {
  const last = path.slice(path.lastIndexOf('/') + 1);
  if (last === '') return `${path}index.html`;
  return last.includes('.') ? path : `${path}/index.html`;
}
