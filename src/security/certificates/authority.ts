import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { generateKeyPair, privateKeyFromPem, privateKeyToPem, randomSerialNumber } from './key-pair.ts';
import { nameConstraints, type PermittedNames } from './name-constraints.ts';
import { type Sign, signedCertificate, signWith } from './signature.ts';
import { backdating } from './validity.ts';

/** A certificate authority: what proxies trust, and the key that signs for it. */
export interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly sign: Sign;
  /** The certificate in PEM: what goes into `trusted_ca`. */
  readonly pem: string;
}

/** An authority whose key is kept in a file. */
export interface StoredAuthority extends Authority {
  /** The private key as PKCS #8 in PEM. For a file only its owner can read, and nowhere else. */
  readonly key: string;
}

/**
 * Makes a self-signed root that may sign leaf certificates only (path length 0).
 * @param ttl milliseconds it is valid for
 * @param permitted the names it may vouch for; any when left out
 */
export async function createAuthority({
  name,
  ttl,
  permitted,
  now = Date.now(),
}: {
  name: string;
  ttl: number;
  permitted?: PermittedNames;
  now?: number;
}): Promise<StoredAuthority> {
  const keys = await generateKeyPair();
  const authority = await selfSigned({
    name,
    publicKey: await x509.PublicKey.create(keys.publicKey),
    serialNumber: randomSerialNumber(),
    from: now - backdating,
    to: now + ttl,
    sign: signWith(keys.privateKey),
    extensions: permitted ? [nameConstraints(permitted)] : [],
  });
  return { ...authority, key: await privateKeyToPem(keys.privateKey) };
}

/**
 * Reads an authority back from its two PEM texts.
 * @throws {Error} when either is not what it should be, or the certificate is no authority's
 */
export async function loadAuthority(pem: { certificate: string; key: string }): Promise<StoredAuthority> {
  const certificate = new x509.X509Certificate(pem.certificate);
  if (!certificate.getExtension(x509.BasicConstraintsExtension)?.ca) {
    throw new Error(`${certificate.subject} is not the certificate of an authority`);
  }
  return { ...authorityOf(certificate, signWith(await privateKeyFromPem(pem.key))), key: pem.key };
}

/** A key that is kept by a service that signs with it and never gives it away. */
export interface RemoteKey {
  /** The public key (SubjectPublicKeyInfo in DER). */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly sign: Sign;
  /** When it was made, milliseconds since the epoch. */
  readonly since: number;
}

/**
 * The authority of a key that is kept elsewhere. Nothing of it has to be stored: its certificate follows from the key,
 * so whoever asks at any time gets one that stands for the same authority.
 * @param ttl milliseconds it is valid for, from when the key was made
 */
export function remoteAuthority(
  { publicKey, sign, since }: RemoteKey,
  { name, ttl }: { name: string; ttl: number },
): Promise<Authority> {
  const key = new x509.PublicKey(publicKey);
  const life = { from: since, to: since + ttl };
  return selfSigned({ name, publicKey: key, serialNumber: '01', ...life, sign, extensions: [] });
}

async function selfSigned(root: {
  readonly name: string;
  readonly publicKey: x509.PublicKey;
  readonly serialNumber: string;
  readonly from: number;
  readonly to: number;
  readonly sign: Sign;
  readonly extensions: readonly x509.Extension[];
}): Promise<Authority> {
  const { publicKey, serialNumber, sign } = root;
  const name = [{ CN: [root.name] }];
  const content = {
    serialNumber,
    subject: name,
    issuer: name,
    notBefore: new Date(root.from),
    notAfter: new Date(root.to),
    publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      ...root.extensions,
    ],
  };
  return authorityOf(await signedCertificate(content, sign), sign);
}

function authorityOf(certificate: x509.X509Certificate, sign: Sign): Authority {
  return { certificate, sign, pem: `${certificate.toString('pem')}\n` };
}
