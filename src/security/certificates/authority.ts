import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import {
  generateKeyPair,
  privateKeyFromPem,
  privateKeyToPem,
  randomSerialNumber,
  signingAlgorithm,
} from './key-pair.ts';
import { backdating } from './validity.ts';

/** A certificate authority: what proxies trust, and the key that signs for it. */
export interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly privateKey: webcrypto.CryptoKey;
  /** The certificate in PEM: what goes into `trusted_ca`. */
  readonly pem: string;
  /** The private key as PKCS #8 in PEM. For a file only its owner can read, and nowhere else. */
  readonly key: string;
}

/**
 * Makes a self-signed root that may sign leaf certificates only (path length 0).
 * @param ttl milliseconds it is valid for
 */
export async function createAuthority({
  name,
  ttl,
  now = Date.now(),
}: {
  name: string;
  ttl: number;
  now?: number;
}): Promise<Authority> {
  const keys = await generateKeyPair();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerialNumber(),
    name: [{ CN: [name] }],
    notBefore: new Date(now - backdating),
    notAfter: new Date(now + ttl),
    signingAlgorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return authority(certificate, keys.privateKey, await privateKeyToPem(keys.privateKey));
}

/**
 * Reads an authority back from its two PEM texts.
 * @throws {Error} when either is not what it should be, or the certificate is no authority's
 */
export async function loadAuthority(pem: { certificate: string; key: string }): Promise<Authority> {
  const certificate = new x509.X509Certificate(pem.certificate);
  if (!certificate.getExtension(x509.BasicConstraintsExtension)?.ca) {
    throw new Error(`${certificate.subject} is not the certificate of an authority`);
  }
  return authority(certificate, await privateKeyFromPem(pem.key), pem.key);
}

function authority(
  certificate: x509.X509Certificate,
  privateKey: webcrypto.CryptoKey,
  key: string,
): Authority {
  return { certificate, privateKey, key, pem: `${certificate.toString('pem')}\n` };
}
