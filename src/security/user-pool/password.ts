import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** 16 MiB and five passes: one of OWASP's recommended settings (Password Storage Cheat Sheet, scrypt). */
const cost = { N: 2 ** 14, r: 8, p: 5 } as const;
const saltLength = 16;
const hashLength = 32;

/** Hashes a password with a salt of its own; the text holds all that a check needs. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltLength);
  const hash = await derive(password, salt, hashLength, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/**
 * Whether a password is the one that was hashed, in constant time.
 * Without a hash (an unknown user) it does the same work and answers false, so that time tells nothing.
 */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, n, r, p, salt, hash] = (stored ?? absent).split('$');
  const expected = Buffer.from(hash ?? '', 'base64url');
  const settings = { N: Number(n), r: Number(r), p: Number(p) };
  const actual = await derive(password, Buffer.from(salt ?? '', 'base64url'), expected.length, settings);
  return timingSafeEqual(actual, expected) && stored !== undefined;
}

const absent = ['scrypt', cost.N, cost.r, cost.p, 'A'.repeat(22), 'A'.repeat(43)].join('$');

function derive(password: string, salt: Buffer, length: number, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, length, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
