import type { Renewal } from '../api/call.ts';

/** When a tab of this browser last renewed the session; milliseconds since the Unix epoch. */
const key = 'strata-session-renewed';
const timeout = 5_000;
/** Milliseconds in which what one tab stores is seen by others. */
const propagation = 100;

let underWay: Promise<Renewal> | undefined;

/**
 * Renews the session, once for all that ask at the same time: in this tab by sharing, among tabs by a lock, since a
 * refresh token is good for one use and its second ends the session.
 * @param since when the call was sent that found the session expired; a renewal after that will do
 * @throws what the network throws: the session may well be alive
 */
export function renewSession(since: number): Promise<Renewal> {
  underWay ??= navigator.locks
    .request('strata-session', () => renewOnce(since))
    .finally(() => {
      underWay = undefined;
    });
  return underWay;
}

async function renewOnce(since: number): Promise<Renewal> {
  if (Number(localStorage.getItem(key)) > since || (await toldOfRenewal(since))) return 'renewed';
  const answer = await fetch('/session/refresh', {
    method: 'POST',
    credentials: 'same-origin',
    cache: 'no-store',
    signal: AbortSignal.timeout(timeout),
  });
  if (answer.ok) {
    localStorage.setItem(key, String(Date.now()));
    return 'renewed';
  }
  if (answer.status === 401) return 'ended';
  throw new Error(`the session could not be renewed: ${answer.status}`);
}

/** What another tab has stored comes a moment after the lock that it held: whether it does, with what it says. */
function toldOfRenewal(since: number): Promise<boolean> {
  return new Promise((resolve) => {
    const tell = (renewed: boolean) => {
      removeEventListener('storage', listen);
      clearTimeout(timer);
      resolve(renewed);
    };
    const listen = (event: StorageEvent) => {
      if (event.key === key && Number(event.newValue) > since) tell(true);
    };
    const timer = setTimeout(() => tell(false), propagation);
    addEventListener('storage', listen);
  });
}
