import type { AdapterPayload } from 'oidc-provider';
import { scopes } from './claims.ts';
import { clientIds, type IdentityConfiguration } from './configuration.ts';
import { lifetimes } from './limits.ts';

/** Which sign-in of the JSON API a client may use, in Cognito's words (ExplicitAuthFlows). */
export type AuthFlow = 'USER_PASSWORD_AUTH' | 'REFRESH_TOKEN_AUTH';

/** An app client: what oidc-provider needs to know of it, and what the pool itself does. */
export interface AppClient {
  readonly metadata: AdapterPayload;
  readonly logoutUris: readonly string[];
  readonly authFlows: readonly AuthFlow[];
  /** With rotation on, a refresh token works once, and only at the token endpoint: Cognito's rule. */
  readonly rotatesRefreshTokens: boolean;
  /** Seconds a refresh token is good for after its rotation: for an answer that was lost. */
  readonly refreshTokenGrace: number;
  /** Seconds its tokens are good for. */
  readonly accessTokenLifetime: number;
  readonly refreshTokenLifetime: number;
}

/** The app client of an id, as the configuration is now. */
export function findClient(configuration: IdentityConfiguration, clientId: string): AppClient | undefined {
  if (clientId === clientIds.commandLine) return commandLine;
  if (!Object.hasOwn(configuration.clients, clientId)) return undefined;
  const client = configuration.clients[clientId];
  if (!client) return undefined;
  const web = client.redirectUris.every((uri) => /^https?:/.test(uri));
  return {
    metadata: metadataOf(clientId, {
      redirect_uris: [...client.redirectUris],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      application_type: web ? 'web' : 'native',
    }),
    logoutUris: client.logoutUris ?? [],
    authFlows: [],
    rotatesRefreshTokens: true,
    refreshTokenGrace: client.refreshTokenGrace ?? 0,
    accessTokenLifetime: client.accessTokenLifetime ?? lifetimes.accessToken,
    refreshTokenLifetime: client.refreshTokenLifetime ?? lifetimes.refreshToken,
  };
}

const commandLine: AppClient = {
  metadata: metadataOf(clientIds.commandLine, {
    redirect_uris: [],
    grant_types: ['refresh_token'],
    response_types: [],
  }),
  logoutUris: [],
  authFlows: ['USER_PASSWORD_AUTH', 'REFRESH_TOKEN_AUTH'],
  rotatesRefreshTokens: false,
  refreshTokenGrace: 0,
  accessTokenLifetime: lifetimes.accessToken,
  refreshTokenLifetime: lifetimes.refreshToken,
};

function metadataOf(clientId: string, rest: Record<string, unknown>): AdapterPayload {
  return {
    client_id: clientId,
    token_endpoint_auth_method: 'none',
    id_token_signed_response_alg: 'RS256',
    require_auth_time: true,
    scope: scopes.join(' '),
    ...rest,
  };
}
