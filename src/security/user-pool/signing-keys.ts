import { generateKeyPair, randomBytes, randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JWK } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { lifetimes } from './limits.ts';

const privateKey = z.object({
  kty: z.literal('RSA'),
  kid: z.string(),
  n: z.string(),
  e: z.string(),
  d: z.string(),
  p: z.string(),
  q: z.string(),
  dp: z.string(),
  dq: z.string(),
  qi: z.string(),
});

/** Times are seconds since the epoch. */
const keyFile = z.object({
  signing: z.array(z.object({ key: privateKey, createdAt: z.number(), retiredAt: z.number().optional() })),
  cookies: z.array(z.string().min(32)).min(1),
});

type KeyFile = z.infer<typeof keyFile>;

/** The keys the pool signs with, as they are now. */
export interface SigningKeys {
  /** The private key that new tokens are signed with. */
  current(): z.infer<typeof privateKey>;
  /** The public keys that tokens may still be signed with, the current one first, as Cognito's jwks.json has them. */
  publicKeys(): JWK[];
  /** Secrets that sign the sign-in page's cookies, the current one first. */
  cookieKeys(): string[];
  /** A new key signs from now on; the old one stays published until its last token has expired. */
  rotate(): Promise<void>;
  /** Rotates when the current key has reached its term. Answers whether it did. */
  rotateWhenDue(): Promise<boolean>;
}

/**
 * Opens the pool's keys; makes them at first start. They are in one file that only its owner may read, replaced
 * as a whole, so that a crash leaves either the old or the new keys.
 */
export async function openSigningKeys(directory: string, clock: Clock): Promise<SigningKeys> {
  const path = join(directory, 'keys.json');
  const seconds = () => Math.floor(clock.now() / 1000);
  let keys = read(path) ?? { signing: [], cookies: [randomBytes(32).toString('base64url')] };

  async function rotate(): Promise<void> {
    const now = seconds();
    const key = await generateKey();
    const kept = keys.signing
      .map((entry) => ({ ...entry, retiredAt: entry.retiredAt ?? now }))
      .filter((entry) => isPublished(entry, now));
    keys = { ...keys, signing: [{ key, createdAt: now }, ...kept] };
    write(path, keys);
  }

  function newest(): KeyFile['signing'][number] {
    const [entry] = keys.signing;
    if (!entry) throw new Error('the key file holds no signing key');
    return entry;
  }

  if (keys.signing.length === 0) await rotate();

  return {
    current: () => newest().key,
    publicKeys: () =>
      keys.signing
        .filter((entry) => isPublished(entry, seconds()))
        .map(({ key: { kty, kid, n, e } }) => ({ alg: 'RS256', e, kid, kty, n, use: 'sig' })),
    cookieKeys: () => [...keys.cookies],
    rotate,
    async rotateWhenDue() {
      if (seconds() - newest().createdAt < lifetimes.signingKey) return false;
      await rotate();
      return true;
    },
  };
}

function isPublished({ retiredAt }: { retiredAt?: number | undefined }, now: number): boolean {
  const longest = Math.max(lifetimes.accessToken, lifetimes.idToken) + lifetimes.clockTolerance;
  return retiredAt === undefined || now < retiredAt + longest;
}

async function generateKey(): Promise<z.infer<typeof privateKey>> {
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey.parse({ ...pair.privateKey.export({ format: 'jwk' }), kid: randomUUID() });
}

function read(path: string): KeyFile | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return keyFile.parse(JSON.parse(text));
}

function write(path: string, keys: KeyFile): void {
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeSync(descriptor, JSON.stringify(keys));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, path);
}
