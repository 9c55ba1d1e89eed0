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

/** To be called before the browser leaves to sign in. Nobody is told: there is no session before it comes back. */
export function expectSession(): void {
  localStorage.setItem(key, 'expected');
}

/** To be called when there is no session any more. */
export function forgetSession(): void {
  if (!isSessionExpected()) return;
  localStorage.removeItem(key);
  localStorage.removeItem(descriptionKey);
  tell();
}

/** Tells of changes, in other tabs too. @returns ends it */
export function onSessionHint(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
}

function tell(): void {
  for (const listener of listeners) listener();
}
