import { arrivalOf } from './arrival.ts';

/**
 * Whether this browser signed in: the session itself is in cookies no script reads, and a visitor without one is not
 * worth a request. Only a hint; the platform decides.
 */
const key = 'strata-session';
/** Who it is, for when nobody can be asked: kept and forgotten with the hint. */
export const descriptionKey = 'strata-session-description';
const listeners = new Set<() => void>();

/** Whether a session is to be expected. */
export function isSessionExpected(): boolean {
  return localStorage.getItem(key) !== null;
}

/** Takes note of a sign-in that has just come back, and goes on to where it was begun. To be called at the start. */
export function arriveFromSignIn(): void {
  const arrival = arrivalOf(location.href);
  if (arrival === undefined) return;
  localStorage.setItem(key, 'expected');
  history.replaceState(null, '', arrival);
}

/** To be called when there is no session any more. */
export function forgetSession(): void {
  if (!isSessionExpected()) return;
  localStorage.removeItem(key);
  localStorage.removeItem(descriptionKey);
  tell();
}

/** Tells of changes, in other tabs too, and when a page comes back that Back has kept. @returns ends it */
export function onSessionHint(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('storage', listener);
  addEventListener('pageshow', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
    removeEventListener('pageshow', listener);
  };
}

function tell(): void {
  for (const listener of listeners) listener();
}
