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
export function issueCertificate(
  authority: Authority,
  { service, trustDomain, hostnames = [service], ttl, now }: CertificateRequest,
): Promise<IssuedCertificate> {
  return issue(authority, {
    subject: [{ O: [trustDomain] }, { CN: [service] }],
    names: [{ type: 'url', value: spiffeId(trustDomain, service) }, ...hostnames.map(dnsName)],
    usages: [x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth],
    ttl,
    now,
  });
}

/** What a server that browsers call is known by. */
export interface ServerCertificateRequest {
  /** The first is the subject too. */
  readonly hostnames: readonly string[];
  readonly addresses: readonly string[];
  /** Milliseconds it is valid for; never longer than its authority. 24 h when left out. */
  readonly ttl?: number;
  /** Milliseconds since the epoch. */
  readonly now?: number;
}

/** Issues a certificate that serves, and cannot call. */
export function issueServerCertificate(
  authority: Authority,
  { hostnames, addresses, ttl, now }: ServerCertificateRequest,
): Promise<IssuedCertificate> {
  const addressNames = addresses.map((value): x509.JsonGeneralName => ({ type: 'ip', value }));
  return issue(authority, {
    subject: [{ CN: hostnames.slice(0, 1) }],
    names: [...hostnames.map(dnsName), ...addressNames],
    usages: [x509.ExtendedKeyUsage.serverAuth],
    ttl,
    now,
  });
}

interface Leaf {
  readonly subject: x509.JsonName;
  readonly names: x509.JsonGeneralNames;
  readonly usages: x509.ExtendedKeyUsage[];
  readonly ttl: number | undefined;
  readonly now: number | undefined;
}

async function issue(
  authority: Authority,
  { subject, names, usages, ttl = day, now = Date.now() }: Leaf,
): Promise<IssuedCertificate> {
  const keys = await generateKeyPair();
  const content = {
    serialNumber: randomSerialNumber(),
    subject,
    issuer: authority.certificate.subject,
    notBefore: new Date(Math.max(now - backdating, authority.certificate.notBefore.getTime())),
    notAfter: new Date(Math.min(now + ttl, authority.certificate.notAfter.getTime())),
    publicKey: keys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(usages),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
    ],
  };
  const certificate = await signedCertificate(content, authority.sign);
  return { chain: `${certificate.toString('pem')}\n`, key: await privateKeyToPem(keys.privateKey) };
}

function dnsName(value: string): x509.JsonGeneralName {
  return { type: 'dns', value };
}
