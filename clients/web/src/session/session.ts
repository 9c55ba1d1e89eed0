import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { send } from '../api/client.ts';
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
  const session = data ?? (isPending ? undefined : remembered());
  if (session) return { state: 'signed-in', session };
  return { state: isPending ? 'unknown' : 'signed-out' };
}

/** Whether whoever is signed in has at least a role. */
export function useRole(role: Role): boolean {
  const { session } = useSession();
  return session !== undefined && roleIncludes(session.role, role);
}

/** Where to sign in, and to come back to this view. */
export function signInAddress(returnTo: string): string {
  return `/session/sign-in?return=${encodeURIComponent(returnTo)}`;
}

function remember(session: Session): void {
  localStorage.setItem(descriptionKey, JSON.stringify(session));
}

/** Without a network nobody can ask who is signed in: who was is shown, and the platform decides when it is back. */
function remembered(): Session | undefined {
  try {
    return JSON.parse(localStorage.getItem(descriptionKey) ?? '') as Session;
  } catch {
    return undefined;
  }
}
