import { decodeJwt } from 'jose';
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientError,
  Configuration,
  calculatePKCECodeChallenge,
  None,
  ResponseBodyError,
  refreshTokenGrant,
  tokenRevocation,
} from 'openid-client';
import { type Role, roleOf } from '../../src/kernel/roles.ts';

/** Where the user pool is, and which of its clients this is. */
export interface PoolSettings {
  readonly issuer: string;
  readonly endpoint: string;
  readonly clientId: string;
}

/** What the pool gave for a code or a refresh token. */
export interface PoolTokens {
  readonly accessToken: string;
  /** Milliseconds since the epoch. */
  readonly accessExpiresAt: number;
  readonly refreshToken: string;
  readonly subject: string;
  readonly name: string;
  readonly email?: string;
  /** Undefined of somebody who is in no group that is a role. */
  readonly role: Role | undefined;
}

/** What belongs together in one sign-in. */
export interface SignInChecks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** The pool has answered, and the answer is no: asking again helps nobody. */
export class PoolRefused extends Error {
  /** The error code of OAuth (RFC 6749, 4.1.2.1 and 5.2), or what was wrong with the answer. */
  readonly code: string;
  constructor(code: string, options?: ErrorOptions) {
    super(`the user pool answered ${code}`, options);
    this.name = 'PoolRefused';
    this.code = code;
  }
}

/** The pool has not answered, or not properly. */
export class PoolUnavailable extends Error {}

/** The user pool as this function uses it. */
export interface Pool {
  /** Where a sign-in begins: authorization code with PKCE (RFC 7636). */
  readonly authorizationUrl: (redirectUri: string, checks: SignInChecks) => Promise<string>;
  /** Tokens for the code of a callback. @throws PoolRefused, PoolUnavailable */
  readonly exchange: (callback: URL, checks: SignInChecks) => Promise<PoolTokens>;
  /** Tokens for a refresh token, which is used up by it. @throws PoolRefused, PoolUnavailable */
  readonly refresh: (refreshToken: string) => Promise<PoolTokens>;
  /** Ends a refresh token and what came of it (RFC 7009). @throws PoolRefused, PoolUnavailable */
  readonly revoke: (refreshToken: string) => Promise<void>;
}

const scope = 'openid email profile';
/** Seconds one call of the pool may take. */
const timeout = 2;

/** Opens the pool. Nothing is sent before it is used. */
export function openPool({ issuer, endpoint, clientId }: PoolSettings): Pool {
  const server = {
    issuer,
    authorization_endpoint: `${endpoint}/oauth2/authorize`,
    token_endpoint: `${endpoint}/oauth2/token`,
    revocation_endpoint: `${endpoint}/oauth2/revoke`,
  };
  const configuration = new Configuration(server, clientId, undefined, None());
  configuration.timeout = timeout;
  if (isThisMachine(endpoint)) allowInsecureRequests(configuration);

  return {
    authorizationUrl: async (redirectUri, { state, nonce, verifier }) =>
      buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope,
        state,
        nonce,
        // Who signed out here is not to be let in again by the pool's own cookie.
        prompt: 'login',
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }).href,

    exchange: async (callback, { state, nonce, verifier }) => {
      const answer = await asked(() =>
        authorizationCodeGrant(configuration, callback, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        }),
      );
      return tokensOf(answer, undefined);
    },

    refresh: async (refreshToken) =>
      tokensOf(await asked(() => refreshTokenGrant(configuration, refreshToken)), refreshToken),

    revoke: (refreshToken) =>
      asked(() =>
        tokenRevocation(configuration, refreshToken, {
          token_type_hint: 'refresh_token',
          client_id: clientId,
        }),
      ),
  };
}

/** A pool that does not rotate gives no new refresh token: then the old one goes on. */
function tokensOf(
  answer: { access_token: string; refresh_token?: string; id_token?: string },
  former: string | undefined,
): PoolTokens {
  const access = decodeJwt(answer.access_token);
  const identity = answer.id_token === undefined ? {} : decodeJwt(answer.id_token);
  const refreshToken = answer.refresh_token ?? former;
  if (!access.sub || !access.exp || refreshToken === undefined) throw new PoolRefused('incomplete_answer');
  const name = [identity.name, identity['cognito:username'], access.username].find(isText) ?? access.sub;
  return {
    accessToken: answer.access_token,
    accessExpiresAt: access.exp * 1000,
    refreshToken,
    subject: access.sub,
    name,
    ...(isText(identity.email) ? { email: identity.email } : {}),
    role: roleOf(access['cognito:groups']),
  };
}

async function asked<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    throw failureOf(error);
  }
}

/** OAuth's own errors are refusals but for the pool's own trouble; everything else was no answer. */
function failureOf(error: unknown): Error {
  if (error instanceof AuthorizationResponseError) return new PoolRefused(error.error, { cause: error });
  if (error instanceof ResponseBodyError && error.status < 500 && error.status !== 429) {
    return new PoolRefused(error.error, { cause: error });
  }
  const refused = ['OAUTH_INVALID_RESPONSE', 'OAUTH_JWT_CLAIM_COMPARISON_FAILED'];
  if (error instanceof ClientError && refused.includes(error.code ?? '')) {
    return new PoolRefused(error.code ?? '', { cause: error });
  }
  return new PoolUnavailable('the user pool does not answer', { cause: error });
}

function isThisMachine(endpoint: string): boolean {
  return ['127.0.0.1', 'localhost'].includes(new URL(endpoint).hostname);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
