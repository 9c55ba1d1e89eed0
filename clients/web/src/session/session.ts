import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { send } from '../api/send.ts';
import { signedInPath } from './arrival.ts';
import { type Role, roleIncludes } from './roles.ts';
import { descriptionKey, isSessionExpected, onSessionHint } from './session-hint.ts';

/** A session as the platform describes it. Times are RFC 3339 or milliseconds since the Unix epoch. */
export interface Session {
  readonly id: string;
  readonly subject: string;
  readonly name: string;
  readonly email?: string;
  readonly role: Role;
  readonly idleExpiresAt: string | number;
  readonly absoluteExpiresAt: string | number;
}

/** Who uses the page: nobody known yet, nobody, or someone. */
export type SessionState =
  | { readonly state: 'unknown' | 'signed-out'; readonly session?: undefined }
  | { readonly state: 'signed-in'; readonly session: Session };

export const sessionKey = ['session'] as const;

/** Who is signed in. Offline, who was. */
export function useSession(): SessionState {
  const expected = useSyncExternalStore(onSessionHint, isSessionExpected, () => false);
  const { data, isPending } = useQuery({
    queryKey: sessionKey,
    queryFn: async ({ signal }) => {
      const { body } = await send<Session>({ method: 'GET', path: '/session', signal });
      remember(body);
      return body;
    },
    enabled: expected,
    staleTime: 60_000,
  });
  if (!expected) return { state: 'signed-out' };
  // Who was signed in is shown until the platform says otherwise: nothing jumps, and offline nobody can be asked.
  const session = data ?? remembered();
  if (session) return { state: 'signed-in', session };
  return { state: isPending ? 'unknown' : 'signed-out' };
}

/** Whether whoever is signed in has at least a role. */
export function useRole(role: Role): boolean {
  const { session } = useSession();
  return session !== undefined && roleIncludes(session.role, role);
}

/** Where to sign in, and to come back to this view: over an address that says that someone did. */
export function signInAddress(returnTo: string): string {
  const arrival = `${signedInPath}?${new URLSearchParams({ to: returnTo })}`;
  return `/session/sign-in?return=${encodeURIComponent(arrival)}`;
}

function remember(session: Session): void {
  localStorage.setItem(descriptionKey, JSON.stringify(session));
}

/** Read once for each text, so that it stays the same object. */
let last: { text: string | null; session: Session | undefined } = { text: null, session: undefined };

function remembered(): Session | undefined {
  const text = localStorage.getItem(descriptionKey);
  if (text !== last.text) last = { text, session: text === null ? undefined : (JSON.parse(text) as Session) };
  return last.session;
}
