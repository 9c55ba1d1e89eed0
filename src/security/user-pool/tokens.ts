import { type CryptoKey, importJWK, jwtVerify, SignJWT } from 'jose';
import type Provider from 'oidc-provider';
import { accessTokenClaims, apiScope, idTokenClaims, scopes, type TokenSubject } from './claims.ts';
import { lifetimes } from './limits.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { User, UserDirectory } from './users.ts';

/** An access token and an ID token of one sign-in. */
export interface TokenPair {
  readonly accessToken: string;
  readonly idToken: string;
}

/** Signs and checks tokens outside the OAuth endpoints, with the same keys and claims. */
export interface Tokens {
  issue(subject: TokenSubject): Promise<TokenPair>;
  /** Stores a refresh token that the token endpoint and the JSON API both know. */
  issueRefreshToken(subject: TokenSubject): Promise<string>;
  /** Whose refresh token this is, when it is valid and the client's own. */
  findRefreshToken(refreshToken: string, clientId: string): Promise<TokenSubject | undefined>;
  /** The user and scopes of an access token of this pool; undefined for anything else. */
  verifyAccessToken(token: string): Promise<{ user: User; scopes: string[] } | undefined>;
}

/** The pool's tokens for an issuer. */
export function createTokens({
  issuer,
  keys,
  users,
  provider,
}: {
  issuer: string;
  keys: SigningKeys;
  users: UserDirectory;
  /** The provider as it is now: rotation replaces it. */
  provider: () => Provider;
}): Tokens {
  async function sign(claims: Record<string, unknown>, audience?: string): Promise<string> {
    const key = keys.current();
    const token = new SignJWT(claims)
      .setProtectedHeader({ kid: key.kid, alg: 'RS256' })
      .setIssuer(issuer)
      .setIssuedAt()
      .setExpirationTime(`${lifetimes.accessToken} s`);
    if (audience) token.setAudience(audience);
    return token.sign(await importJWK(key, 'RS256'));
  }

  async function verificationKey(kid: string | undefined): Promise<CryptoKey | Uint8Array> {
    const key = keys.publicKeys().find((candidate) => candidate.kid === kid);
    if (!key) throw new Error('the key is not published');
    return importJWK(key, 'RS256');
  }

  return {
    async issue(subject) {
      return {
        accessToken: await sign(accessTokenClaims(subject, apiScope)),
        idToken: await sign(idTokenClaims(subject), subject.clientId),
      };
    },

    async issueRefreshToken({ user, clientId, authTime }) {
      const { Client, Grant, RefreshToken } = provider();
      const client = await Client.find(clientId);
      if (!client) throw new Error(`client ${clientId} is not configured`);
      const grant = new Grant({ clientId, accountId: user.sub });
      grant.addOIDCScope(scopes.join(' '));
      grant.addResourceScope(issuer, scopes.join(' '));
      const token = new RefreshToken({
        client,
        accountId: user.sub,
        grantId: await grant.save(),
        gty: 'authorization_code',
        scope: apiScope,
        resource: issuer,
        authTime,
        expiresWithSession: false,
      });
      return token.save();
    },

    async findRefreshToken(refreshToken, clientId) {
      const token = await provider().RefreshToken.find(refreshToken);
      if (!token || token.clientId !== clientId || !token.isValid || token.consumed) return undefined;
      const user = users.findBySub(token.accountId);
      return user && { user, clientId, authTime: token.authTime ?? 0 };
    },

    async verifyAccessToken(token) {
      try {
        const { payload } = await jwtVerify(token, ({ kid }) => verificationKey(kid), {
          issuer,
          algorithms: ['RS256'],
        });
        const user = users.findBySub(payload.sub ?? '');
        if (payload.token_use !== 'access' || !user) return undefined;
        return { user, scopes: String(payload.scope).split(' ') };
      } catch {
        return undefined;
      }
    },
  };
}
