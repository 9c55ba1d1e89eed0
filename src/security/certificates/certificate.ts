import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { spiffeId } from '../../kernel/spiffe.ts';
import type { Authority } from './authority.ts';
import { generateKeyPair, privateKeyToPem, randomSerialNumber } from './key-pair.ts';
import { signedCertificate } from './signature.ts';
import { backdating } from './validity.ts';

/** A leaf certificate and its key, both in PEM. */
export interface IssuedCertificate {
  /** The leaf alone: peers hold the root. */
  readonly chain: string;
  /** The private key as PKCS #8. For a file only its owner can read, and nowhere else. */
  readonly key: string;
}

/** Whom a certificate is for. */
export interface CertificateRequest {
  readonly service: string;
  readonly trustDomain: string;
  /** Host names it serves, beside its SPIFFE id. */
  readonly hostnames?: readonly string[];
  /** Milliseconds it is valid for; never longer than its authority. 24 h when left out. */
  readonly ttl?: number;
  /** Milliseconds since the epoch. */
  readonly now?: number;
}

const day = 86_400_000;

/**
 * Issues a certificate that both serves and calls (mutual TLS), as an X.509-SVID: exactly one URI in the
 * subject alternative name, no authority, digital signature.
 * @see https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md
 */
export async function issueCertificate(
  authority: Authority,
  { service, trustDomain, hostnames = [service], ttl = day, now = Date.now() }: CertificateRequest,
): Promise<IssuedCertificate> {
  const keys = await generateKeyPair();
  const names: x509.JsonGeneralNames = [
    { type: 'url', value: spiffeId(trustDomain, service) },
    ...hostnames.map((value): x509.JsonGeneralName => ({ type: 'dns', value })),
  ];
  const content = {
    serialNumber: randomSerialNumber(),
    subject: [{ O: [trustDomain] }, { CN: [service] }],
    issuer: authority.certificate.subject,
    notBefore: new Date(Math.max(now - backdating, authority.certificate.notBefore.getTime())),
    notAfter: new Date(Math.min(now + ttl, authority.certificate.notAfter.getTime())),
    publicKey: keys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.serverAuth,
        x509.ExtendedKeyUsage.clientAuth,
      ]),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
    ],
  };
  const certificate = await signedCertificate(content, authority.sign);
  return { chain: `${certificate.toString('pem')}\n`, key: await privateKeyToPem(keys.privateKey) };
}
