import { seenCache } from '../explain/stored-at.ts';
import { forgetSession } from './session-hint.ts';

/** Tells the other tabs that somebody has signed out here. */
const channelName = 'strata-departure';
/** What all keys of somebody's own begin with, in the stores of a tab and of the device. */
export const personalPrefix = 'strata-own ';

/**
 * Takes away what this device keeps of somebody who signs out: what was read, what was written, what was being typed,
 * in every tab. What waits to be sent is the outbox's, which is asked before.
 */
export async function forgetPerson(): Promise<void> {
  forgetTab();
  for (const key of personalKeys(localStorage)) localStorage.removeItem(key);
  // The cache here and now; what is known of it (addresses, times) is the service worker's.
  await caches.delete(seenCache);
  navigator.serviceWorker?.controller?.postMessage({ type: 'FORGET_SEEN' });
  const channel = new BroadcastChannel(channelName);
  channel.postMessage('signed-out');
  channel.close();
  forgetSession();
}

/** Calls back when somebody has signed out in another tab; what this tab kept is gone by then. @returns ends it */
export function onDeparture(listener: () => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.addEventListener('message', () => {
    forgetTab();
    listener();
  });
  return () => channel.close();
}

function forgetTab(): void {
  for (const key of personalKeys(sessionStorage)) sessionStorage.removeItem(key);
}

function personalKeys(storage: Storage): string[] {
  return Object.keys(storage).filter((key) => key.startsWith(personalPrefix));
}
