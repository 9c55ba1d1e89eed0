import { type ComponentType, lazy } from 'react';

type SignedIn = typeof import('./signed-in.tsx');

const load = (): Promise<SignedIn> => import('./signed-in.tsx');

/** What only someone who is signed in sees: one chunk, fetched when somebody is. */
export const OutboxStrip = part((module) => module.OutboxStrip);
export const OutboxSender = part((module) => module.OutboxSender);
export const SessionMenu = part((module) => module.SessionMenu);
export const WaitingRows = part((module) => module.WaitingRows);

function part<Properties>(pick: (module: SignedIn) => ComponentType<Properties>) {
  return lazy(async () => ({ default: pick(await load()) }));
}
