/// <reference lib="webworker" />

import type { WorkboxPlugin } from 'workbox-core';
import { ExpirationPlugin } from 'workbox-expiration';
import {
  cleanupOutdatedCaches,
  matchPrecache,
  type PrecacheEntry,
  precacheAndRoute,
} from 'workbox-precaching';
import { registerRoute, setDefaultHandler } from 'workbox-routing';
import { NetworkFirst, NetworkOnly } from 'workbox-strategies';
import { seenCache, storedAt } from './explain/stored-at.ts';

declare const self: ServiceWorkerGlobalScope;
/** The application's files; the build puts the list in. */
declare const FILES: PrecacheEntry[];

const day = 86_400;

precacheAndRoute(FILES, { cleanURLs: false, ignoreURLParametersMatching: [/./] });
cleanupOutdatedCaches();

/**
 * Data that was seen stays readable: the network answers while it can, else what it answered last. Only the open
 * resource is kept; what is protected and what belongs to a session never is.
 */
const expiration = new ExpirationPlugin({
  maxEntries: 400,
  maxAgeSeconds: 30 * day,
  purgeOnQuotaError: true,
});

registerRoute(
  ({ url, request }) =>
    request.method === 'GET' &&
    url.origin === self.location.origin &&
    (url.pathname === '/api/v1/data' || url.pathname.startsWith('/api/v1/data/')),
  new NetworkFirst({
    cacheName: seenCache,
    fetchOptions: { cache: 'no-store' },
    plugins: [
      expiration as WorkboxPlugin,
      {
        // A platform that is down answers for nobody: what was seen is better than its error, and that than nothing.
        fetchDidSucceed: async ({ response, state }) => {
          if (response.status < 502 || !state) return response;
          state.failure = response;
          throw new TypeError(`the platform answered ${response.status}`);
        },
        handlerDidError: async ({ state }) => state?.failure,
        cacheWillUpdate: async ({ response }) => (response.status === 200 ? stamped(response) : null),
      },
    ],
  }),
);

/** A page the application has none for is the edge's to answer; without a network, the application says so. */
registerRoute(
  ({ request, url }) =>
    request.mode === 'navigate' && !/^\/(?:api|session|reports)(?:\/|$)/.test(url.pathname),
  async ({ request }) => {
    try {
      return await fetch(request);
    } catch {
      return (await matchPrecache('/')) ?? Response.error();
    }
  },
);

setDefaultHandler(new NetworkOnly());

/** A copy that says since when it is kept, so that the page can say how old it is. */
function stamped(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set(storedAt, String(Date.now()));
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

self.addEventListener('message', ({ data }) => {
  if (data?.type === 'SKIP_WAITING') void self.skipWaiting();
  if (data?.type === 'FORGET_SEEN') void expiration.deleteCacheAndMetadata();
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
