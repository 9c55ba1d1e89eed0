import { X509Certificate } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import type { Authority } from '../../../src/security/certificates/authority.ts';
import { type IssuedCertificate, issueCertificate } from '../../../src/security/certificates/certificate.ts';
import { type Lifetime, temporaryFolder } from '../../engines.ts';
import type { Listener } from './definition.ts';
import { replace, type Surroundings } from './proxies.ts';
import { startSecretServer } from './secret-server.ts';

export const trustDomain = 'mesh.test';

/** How a definition names a certificate: in App Mesh's terms for listeners and for client policies alike. */
type CertificateReference =
  | { readonly file: { readonly certificateChain: string; readonly privateKey: string } }
  | { readonly sds: { readonly secretName: string } };

type ListenerTls = NonNullable<Listener['tls']>;
type Trust = NonNullable<ListenerTls['validation']>['trust'];

/** Certificates of an authority, where proxies find them. */
export interface Credentials {
  /** What a definition says for a party's certificate. */
  certificate(party: string): CertificateReference & ListenerTls['certificate'];
  /** What it says for the authority. */
  readonly trust: Trust;
  /** What a proxy's environment has to hold for it. */
  readonly around: Surroundings;
  /** Gives a party a new certificate without a word to the proxies; says its serial number. */
  renew(party: string): Promise<string>;
}

/** A party's certificate: its names are `PARTY.local` and the SPIFFE id of the party. */
export function issue(authority: Authority, party: string): Promise<IssuedCertificate> {
  return issueCertificate(authority, { service: party, trustDomain, hostnames: [`${party}.local`] });
}

/** What a TLS client of Node's needs to be a party; whom it talks to is of no interest to it. */
export function clientOf({ chain, key }: IssuedCertificate): ConnectionOptions {
  return { rejectUnauthorized: false, cert: chain, key };
}

/** Certificates in PEM files, a folder a party, replaced by renaming. */
export async function fileCredentials(
  lifetime: Lifetime,
  authority: Authority,
  parties: readonly string[],
): Promise<Credentials> {
  const folder = await temporaryFolder(lifetime);
  const file = (...parts: string[]) => join(folder, ...parts);
  const renew = async (party: string) => {
    const issued = await issue(authority, party);
    await replace(file(party, 'chain.pem'), issued.chain);
    await replace(file(party, 'key.pem'), issued.key);
    return serialOf(issued);
  };
  for (const party of parties) {
    await mkdir(file(party));
    await renew(party);
  }
  await replace(file('authority.pem'), authority.pem);
  return {
    certificate: (party) => ({
      file: { certificateChain: file(party, 'chain.pem'), privateKey: file(party, 'key.pem') },
    }),
    trust: { file: { certificateChain: file('authority.pem') } },
    around: {},
    renew,
  };
}

/** Certificates from a secret discovery service on a unix socket. */
export async function socketCredentials(
  lifetime: Lifetime,
  authority: Authority,
  parties: readonly string[],
): Promise<Credentials> {
  const path = join(await temporaryFolder(lifetime), 'secrets.sock');
  const server = await startSecretServer(lifetime, path);
  const renew = async (party: string) => {
    const issued = await issue(authority, party);
    server.provide(party, issued);
    return serialOf(issued);
  };
  for (const party of parties) await renew(party);
  server.provide('authority', { authority: authority.pem });
  return {
    certificate: (party) => ({ sds: { secretName: party } }),
    trust: { sds: { secretName: 'authority' } },
    around: { secrets: { kind: 'socket', path } },
    renew,
  };
}

/** In the form Node gives a peer's. */
function serialOf({ chain }: IssuedCertificate): string {
  return new X509Certificate(chain).serialNumber;
}
