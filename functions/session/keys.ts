import { hkdfSync } from 'node:crypto';

/** The function's keys, each for one purpose. 256 bits each. */
export interface SessionKeys {
  /** Seals what is stored, and the sign-in under way. */
  readonly sealing: Buffer;
  /** Hashes secrets for the table. */
  readonly hashing: Buffer;
  /** Signs refresh tokens, so that made-up ones cost nothing. */
  readonly signing: Buffer;
}

/** Makes the keys from the one secret that is kept (RFC 5869). */
export function deriveKeys(secret: string): SessionKeys {
  const derive = (purpose: string) => deriveKey(secret, '', purpose);
  return {
    sealing: derive('strata session sealing'),
    hashing: derive('strata session hashing'),
    signing: derive('strata session signing'),
  };
}

/** A key of 256 bits from a secret, for one purpose. */
export function deriveKey(secret: string, salt: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, purpose, 32));
}
