import type { NewChange } from './change.ts';

/** Keeps a change until it can be sent. The queue's code is there for whoever is signed in (shell/signed-in.tsx). */
export async function keepChange(change: NewChange): Promise<void> {
  const outbox = await import('./outbox.ts');
  await outbox.keepChange(change);
}
