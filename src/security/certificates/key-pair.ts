import { webcrypto } from 'node:crypto';

/** ECDSA on P-256 with SHA-256: the curve every TLS 1.3 peer must support (RFC 8446, section 9.1). */
export const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A fresh key pair; the private key can be exported, because proxies read it from a file. */
export function generateKeyPair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
}

/** A private key as PKCS #8 in PEM (RFC 5958, RFC 7468 section 10). */
export async function privateKeyToPem(key: webcrypto.CryptoKey): Promise<string> {
  const body = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${body.replace(/(.{64})(?=.)/g, '$1\n')}\n-----END PRIVATE KEY-----\n`;
}

/**
 * A P-256 private key from PKCS #8 in PEM.
 * @throws {Error} when the text holds no such key
 */
export function privateKeyFromPem(pem: string): Promise<webcrypto.CryptoKey> {
  const body = /-----BEGIN PRIVATE KEY-----([\s\S]+?)-----END PRIVATE KEY-----/.exec(pem)?.[1];
  if (!body) throw new Error('not a PKCS #8 private key in PEM');
  return webcrypto.subtle.importKey('pkcs8', Buffer.from(body, 'base64'), signingAlgorithm, false, ['sign']);
}

/** A positive certificate serial number of 127 random bits, in hexadecimal (RFC 5280, section 4.1.2.2). */
export function randomSerialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}
