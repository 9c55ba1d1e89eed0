import { type ComponentType, lazy } from 'react';

type SignedIn = typeof import('./signed-in.tsx');

const load = (): Promise<SignedIn> => import('./signed-in.tsx');

/** What only someone who is signed in sees: one chunk, fetched when somebody is. */
export const OutboxStrip = part((module) => module.OutboxStrip);
export const OutboxSender = part((module) => module.OutboxSender);
export const SessionMenu = part((module) => module.SessionMenu);
export const SignOutButton = part((module) => module.SignOutButton);
export const WaitingRows = part((module) => module.WaitingRows);
export const WaitingTag = part((module) => module.WaitingTag);

function part<Properties>(pick: (module: SignedIn) => ComponentType<Properties>) {
  return lazy(async () => ({ default: pick(await load()) }));
}
