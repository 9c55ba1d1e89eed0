import { lazy } from 'react';

/** What is shown when somebody else was faster; its code is fetched when that happens. */
export const ConflictView = lazy(async () => ({
  default: (await import('./conflict-view.tsx')).ConflictView,
}));
export const GoneMeanwhile = lazy(async () => ({
  default: (await import('./gone-meanwhile.tsx')).GoneMeanwhile,
}));
