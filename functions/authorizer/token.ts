import { decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose';
import { roleOf } from '../../src/kernel/roles.ts';
import type { KeySet, VerificationKey } from './key-set.ts';
import type { Caller } from './policy.ts';

/** Longer tokens are refused unread; Cognito's are a few kilobytes at most. */
const tokenLengthLimit = 8192;

/** What makes an access token acceptable. */
export interface TokenRules {
  readonly issuer: string;
  readonly clientIds: readonly string[];
}

/** A token whose signature and kind were verified, with the key that verified it. */
export interface VerifiedToken extends Caller {
  readonly keyId: string;
  readonly key: VerificationKey;
  /** Seconds since the epoch. */
  readonly notBefore: number;
}

/** The token of a Bearer header (RFC 6750, 2.1), or undefined when it has not exactly that form. */
export function bearerToken(authorization: string): string | undefined {
  if (authorization.length > tokenLengthLimit + 7) return undefined;
  return /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
}

/** Header parameters that bring a key, point to one, or change what is signed (RFC 7515, 4.1): none is ever followed. */
const refusedParameters = ['jwk', 'jku', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'enc'];

/**
 * Verifies an access token of the user pool: RS256 by a key of the pool's set, issuer, client, use, and times.
 * Undefined when it is not acceptable; throws KeySetUnreachable when that cannot be found out.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
 * @param now milliseconds since the epoch
 */
export async function verifyToken(
  token: string,
  { issuer, clientIds }: TokenRules,
  keys: KeySet,
  now: number,
): Promise<VerifiedToken | undefined> {
  const keyId = keyIdOf(token);
  const key = keyId === undefined ? undefined : await keys.find(keyId);
  if (keyId === undefined || !key) return undefined;
  const payload = await verifiedPayload(token, key, issuer, now);
  if (payload?.token_use !== 'access') return undefined;
  const { sub, exp, nbf = 0, client_id: clientId } = payload;
  if (typeof sub !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(sub) || typeof exp !== 'number')
    return undefined;
  if (typeof clientId !== 'string' || !clientIds.includes(clientId)) return undefined;
  return {
    subject: sub,
    role: roleOf(payload['cognito:groups']),
    expiresAt: exp,
    notBefore: nbf,
    keyId,
    key,
  };
}

/** The key id of a header that has the one accepted algorithm and no parameter that is refused. */
function keyIdOf(token: string): string | undefined {
  try {
    const header = decodeProtectedHeader(token);
    if (header.alg !== 'RS256' || refusedParameters.some((name) => name in header)) return undefined;
    return typeof header.kid === 'string' && header.kid.length <= 256 ? header.kid : undefined;
  } catch {
    return undefined;
  }
}

async function verifiedPayload(
  token: string,
  key: VerificationKey,
  issuer: string,
  now: number,
): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['RS256'],
      issuer,
      currentDate: new Date(now),
      requiredClaims: ['exp', 'sub', 'client_id', 'token_use'],
    });
    return payload;
  } catch {
    return undefined;
  }
}
