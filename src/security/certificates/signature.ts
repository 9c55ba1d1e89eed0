import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { signingAlgorithm } from './key-pair.ts';

/**
 * Signs bytes with a private key that may be anywhere: ECDSA on P-256 with SHA-256.
 * @returns r and s, 32 bytes each (IEEE P1363)
 */
export type Sign = (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>;

/** Signs with a key of this process. */
export function signWith(key: webcrypto.CryptoKey): Sign {
  return async (bytes) => new Uint8Array(await webcrypto.subtle.sign(signingAlgorithm, key, bytes));
}

/** What a certificate says, without its signature. */
type Content = Omit<x509.X509CertificateCreateWithSignatureParams, 'signature' | 'signingAlgorithm'>;

/** Any signature of the right form: what is to be signed does not depend on it. */
const placeholder = new Uint8Array(64).fill(1);

/** Makes a certificate whose issuer's key signs elsewhere: encodes it, has the encoding signed, and puts the two together. */
export async function signedCertificate(content: Content, sign: Sign): Promise<x509.X509Certificate> {
  const encoded = await withSignature(content, placeholder);
  return withSignature(content, await sign(toBeSigned(new Uint8Array(encoded.rawData))));
}

function withSignature(content: Content, signature: Uint8Array<ArrayBuffer>): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({ ...content, signingAlgorithm, signature });
}

/** The first element of a certificate's outer sequence (RFC 5280, section 4.1). */
function toBeSigned(certificate: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const start = elementAt(certificate, 0).content;
  return certificate.slice(start, elementAt(certificate, start).end);
}

/** Where the content of a DER element begins and ends (X.690, section 8.1.3). */
function elementAt(bytes: Uint8Array, at: number): { content: number; end: number } {
  const first = bytes[at + 1] ?? 0;
  if (first < 0x80) return { content: at + 2, end: at + 2 + first };
  const content = at + 2 + (first & 0x7f);
  const length = bytes.slice(at + 2, content).reduce((sum, byte) => sum * 256 + byte, 0);
  return { content, end: content + length };
}
