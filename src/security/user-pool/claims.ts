import { randomUUID } from 'node:crypto';
import type { User } from './users.ts';

/** Scopes a client may ask for: Cognito's. */
export const scopes = ['openid', 'email', 'profile', 'aws.cognito.signin.user.admin'] as const;

/** The scope of a token from the JSON API, which knows no scopes. */
export const apiScope = 'aws.cognito.signin.user.admin';

/** What one token is about. */
export interface TokenSubject {
  readonly user: User;
  readonly clientId: string;
  /** When the person last proved who they are; seconds since the epoch. */
  readonly authTime: number;
}

/**
 * An access token's own claims beside iss, iat and exp. There is no `aud`: the client is in `client_id`.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
export function accessTokenClaims({ user, clientId, authTime }: TokenSubject, scope: string) {
  return {
    sub: user.sub,
    ...groupsOf(user),
    version: 2,
    client_id: clientId,
    token_use: 'access',
    scope,
    auth_time: authTime,
    jti: randomUUID(),
    username: user.username,
  };
}

/**
 * An ID token's own claims beside iss, aud, iat and exp.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
 */
export function idTokenClaims({ user, authTime }: Pick<TokenSubject, 'user' | 'authTime'>) {
  return {
    sub: user.sub,
    ...groupsOf(user),
    email_verified: true,
    'cognito:username': user.username,
    token_use: 'id',
    auth_time: authTime,
    jti: randomUUID(),
    email: user.email,
  };
}

/** Which of an ID token's claims a scope brings, for oidc-provider. */
export const claimsByScope = {
  openid: ['sub', 'cognito:groups', 'cognito:username', 'token_use', 'auth_time', 'jti'],
  email: ['email', 'email_verified'],
};

/** Cognito leaves the claim out for a user of no group. */
function groupsOf({ groups }: User): { 'cognito:groups'?: readonly string[] } {
  return groups.length > 0 ? { 'cognito:groups': groups } : {};
}
