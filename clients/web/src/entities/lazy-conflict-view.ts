import { lazy } from 'react';

/** The choice between two versions, whose code is fetched when there is one to make. */
export const ConflictView = lazy(async () => ({
  default: (await import('./conflict-view.tsx')).ConflictView,
}));
