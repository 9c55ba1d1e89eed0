import { limits } from './limits.ts';
import type { Lockout } from './lockout.ts';
import type { User, UserDirectory } from './users.ts';

/** How a sign-in with name and password ended. */
export type SignInOutcome =
  | { readonly outcome: 'success'; readonly user: User }
  | { readonly outcome: 'incorrect' }
  /** `retryAfter` is in milliseconds. */
  | { readonly outcome: 'locked'; readonly retryAfter: number }
  | { readonly outcome: 'busy' };

/** Checks a name and a password. */
export type AttemptSignIn = (username: string, password: string) => Promise<SignInOutcome>;

/** The one way to check a password, for the sign-in page and the JSON API alike: throttled and bounded. */
export function createSignInAttempt(users: UserDirectory, lockout: Lockout): AttemptSignIn {
  let running = 0;
  return async (username, password) => {
    if (username.length > limits.usernameLength || password.length > limits.passwordLength) {
      return { outcome: 'incorrect' };
    }
    if (running >= limits.passwordChecks) return { outcome: 'busy' };
    const retryAfter = lockout.begin(username);
    if (retryAfter > 0) return { outcome: 'locked', retryAfter };
    running += 1;
    try {
      const user = await users.authenticate(username, password);
      if (!user) return { outcome: 'incorrect' };
      lockout.succeed(username);
      return { outcome: 'success', user };
    } finally {
      running -= 1;
    }
  };
}
