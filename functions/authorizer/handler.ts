import { systemClock } from '../../src/kernel/clock.ts';
import { type AuthorizerHandler, createAuthorizer } from './authorizer.ts';
import type { AuthorizerAnswer, AuthorizerEvent } from './event.ts';

let authorize: AuthorizerHandler | undefined;

/**
 * The Lambda function's entry: made at the first call of an environment and kept, with the pool's keys, for the next.
 * Environment: ISSUER, JWKS_URI, and CLIENT_IDS with commas between them.
 */
export async function handler(event: AuthorizerEvent): Promise<AuthorizerAnswer> {
  authorize ??= createAuthorizer({
    issuer: variable('ISSUER'),
    clientIds: variable('CLIENT_IDS').split(','),
    jwks: {
      uri: variable('JWKS_URI'),
      fetch: (uri, options) => fetch(uri, { ...options, redirect: 'error' }),
    },
    clock: systemClock,
  });
  return authorize(event);
}

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}
