import Provider, { type Adapter, type Configuration, errors, interactionPolicy } from 'oidc-provider';
import { accessTokenClaims, claimsByScope, idTokenClaims, scopes } from './claims.ts';
import type { AppClient } from './clients.ts';
import { lifetimes } from './limits.ts';
import { errorPage } from './pages.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { UserDirectory } from './users.ts';

/** What the OAuth endpoints work with. */
export interface ProviderSettings {
  readonly issuer: string;
  readonly keys: SigningKeys;
  readonly users: UserDirectory;
  readonly adapter: (model: string) => Adapter;
  readonly findClient: (clientId: string) => AppClient | undefined;
}

/**
 * The certified OpenID Connect provider, shaped like Cognito: its routes, its claims, public clients that must
 * use PKCE with S256, no consent page, refresh tokens that rotate. It signs with the current key only; made anew
 * when that rotates (all else is in the adapter).
 */
export function createProvider({ issuer, keys, users, adapter, findClient }: ProviderSettings): Provider {
  const resourceServer = {
    scope: scopes.join(' '),
    audience: issuer,
    accessTokenFormat: 'jwt' as const,
    jwt: { sign: { alg: 'RS256' as const } },
  };
  const lifetimesOf = (clientId: string | undefined) => ({
    accessToken: findClient(clientId ?? '')?.accessTokenLifetime ?? lifetimes.accessToken,
    refreshToken: findClient(clientId ?? '')?.refreshTokenLifetime ?? lifetimes.refreshToken,
  });
  const policy = interactionPolicy.base();
  policy.remove('consent');

  const configuration: Configuration = {
    adapter,
    jwks: { keys: [{ ...keys.current(), use: 'sig', alg: 'RS256' }] },
    scopes: [...scopes],
    claims: claimsByScope,
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    subjectTypes: ['public'],
    clientAuthMethods: ['none'],
    pkce: { required: () => true },
    routes: {
      authorization: '/oauth2/authorize',
      token: '/oauth2/token',
      revocation: '/oauth2/revoke',
      jwks: '/oauth2/jwks',
    },
    interactions: { policy, url: () => '/login' },
    cookies: {
      keys: keys.cookieKeys(),
      names: { session: 'pool_session', interaction: 'pool_interaction', resume: 'pool_resume' },
      long: { signed: true, httpOnly: true, sameSite: 'lax' },
      short: { signed: true, httpOnly: true, sameSite: 'lax' },
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      dPoP: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: (_context, client, token) => token.clientId === client.clientId,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => issuer,
        useGrantedResource: () => true,
        getResourceServerInfo(_context, resource) {
          if (resource !== issuer) throw new errors.InvalidTarget();
          return resourceServer;
        },
      },
    },
    ttl: {
      AccessToken: (_context, _token, client) => lifetimesOf(client.clientId).accessToken,
      IdToken: lifetimes.idToken,
      AuthorizationCode: lifetimes.authorizationCode,
      Session: lifetimes.session,
      Interaction: lifetimes.interaction,
      Grant: lifetimes.refreshToken,
      // A rotated token lives as long as the first one would have.
      RefreshToken: (context, { clientId }) =>
        context?.oidc?.entities.RotatedRefreshToken?.remainingTTL ?? lifetimesOf(clientId).refreshToken,
    },
    expiresWithSession: () => false,
    issueRefreshToken: () => true,
    rotateRefreshToken: (context) =>
      findClient(context.oidc.client?.clientId ?? '')?.rotatesRefreshTokens ?? true,
    clientBasedCORS: (_context, origin, client) =>
      (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin),
    findAccount(_context, sub, token) {
      const user = users.findBySub(sub);
      if (!user) return undefined;
      const authTime = token && 'authTime' in token ? Number(token.authTime) : 0;
      return { accountId: sub, claims: () => idTokenClaims({ user, authTime }) };
    },
    async loadExistingGrant({ oidc }) {
      const clientId = oidc.client?.clientId;
      const accountId = oidc.session?.accountId;
      if (!clientId || !accountId) return undefined;
      const grant = new oidc.provider.Grant({ clientId, accountId });
      grant.addOIDCScope(scopes.join(' '));
      grant.addResourceScope(issuer, scopes.join(' '));
      await grant.save();
      return grant;
    },
    formats: {
      customizers: {
        jwt(context, token, parts) {
          const source = context.oidc.entities.AuthorizationCode ?? context.oidc.entities.RefreshToken;
          const user = 'accountId' in token ? users.findBySub(token.accountId) : undefined;
          if (!user || !token.clientId) throw new errors.InvalidGrant('user not found');
          const authTime = source?.authTime ?? 0;
          const subject = { user, clientId: token.clientId, authTime };
          const { iss, iat, exp, aud } = parts.payload;
          parts.payload = {
            ...accessTokenClaims(subject, token.scope ?? ''),
            iss,
            iat,
            exp,
          };
          // The library insists on an audience and Cognito has none: present, but not part of the JSON.
          Object.defineProperty(parts.payload, 'aud', { value: aud, writable: true, enumerable: false });
          parts.header = { typ: undefined };
        },
      },
    },
    renderError(context, out) {
      const page = errorPage(out.error, out.error_description);
      context.type = 'html';
      context.set('content-security-policy', page.policy);
      context.body = page.html;
    },
  };
  return new Provider(issuer, configuration);
}
