import { QueryClient } from '@tanstack/react-query';
import { isPassing } from './api/failure.ts';

/** How often a failed read is tried again while its error is on the page, in milliseconds. */
const recovery = 3_000;

/** The reads of the pages: kept a minute, as the platform's own caches do; repeated by the API client, not here. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The service worker answers without a network.
        networkMode: 'always',
        retry: false,
        staleTime: 60_000,
        gcTime: 600_000,
        refetchInterval: ({ state }) =>
          state.status === 'error' && isPassing(state.error) && document.visibilityState === 'visible'
            ? recovery
            : false,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
