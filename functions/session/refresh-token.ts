import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SessionKey } from '../../src/data/sessions/session.ts';
import type { SessionKeys } from './keys.ts';

/** What a refresh token says: which session, and one of its secrets. */
export interface RefreshToken extends SessionKey {
  /** 256 random bits. */
  readonly secret: string;
}

/** A longer one is not looked at. */
const lengthLimit = 512;
const form = /^([\w-]{1,172})\.([\w-]{22})\.([\w-]{43})\.([\w-]{43})$/;

/** A secret nobody can guess. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** The id of a new session: 128 random bits. */
export function newSessionId(): string {
  return randomBytes(16).toString('base64url');
}

/** The token as a browser keeps it. It means nothing to anybody else, and is signed. */
export function writeRefreshToken(token: RefreshToken, { signing }: SessionKeys): string {
  const subject = Buffer.from(token.subject).toString('base64url');
  const content = `${subject}.${token.id}.${token.secret}`;
  return `${content}.${macOf(signing, content)}`;
}

/** The token of a text that was written here; undefined of any other. */
export function readRefreshToken(text: string, { signing }: SessionKeys): RefreshToken | undefined {
  if (text.length > lengthLimit) return undefined;
  const [, subject = '', id = '', secret = '', mac = ''] = form.exec(text) ?? [];
  if (!isSame(macOf(signing, text.slice(0, -mac.length - 1)), mac)) return undefined;
  return {
    subject: Buffer.from(subject, 'base64url').toString('utf8'),
    id,
    secret,
  };
}

/** What the table holds of a secret. */
export function hashOfSecret({ hashing }: SessionKeys, id: string, secret: string): string {
  return macOf(hashing, `${id}.${secret}`);
}

/** What the table holds of an access token, which is signed by itself and lives for minutes. */
export function hashOfAccessToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Compares without telling by its time where two texts differ. */
export function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function macOf(key: Buffer, content: string): string {
  return createHmac('sha256', key).update(content).digest('base64url');
}
