import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Authority, createAuthority, loadAuthority } from '../../security/certificates/authority.ts';
import { issueCertificate } from '../../security/certificates/certificate.ts';
import { writeFileAtomically } from './file.ts';
import type { StatePaths } from './paths.ts';

/** Absolute paths of the files a proxy proves itself with, and checks others by. */
export interface CertificateFiles {
  readonly chain: string;
  readonly key: string;
  readonly authority: string;
}

/** The mesh's own authority. */
export interface Pki {
  /** Makes sure that a service has its certificate files. */
  ensure(service: string): Promise<CertificateFiles>;
  /** Issues every certificate anew; proxies read the files again. */
  renew(): Promise<void>;
}

const day = 86_400_000;
/** Twice the time between two renewals at least. */
const certificateTtl = 2 * day;
const authorityTtl = 3650 * day;

/** How often certificates are issued anew while the platform runs. Milliseconds. */
export const renewalInterval = day / 2;

/** Opens the authority, made at the first `up`; its key is in a file for this user only. */
export async function openPki(paths: StatePaths, trustDomain: string): Promise<Pki> {
  mkdirSync(paths.pki, { recursive: true, mode: 0o700 });
  const authorityFile = join(paths.pki, 'authority.pem');
  const authority = await openAuthority(paths, authorityFile, trustDomain);
  const issued = new Set<string>();

  const issue = async (service: string): Promise<CertificateFiles> => {
    const folder = join(paths.pki, service);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const files = {
      chain: join(folder, 'chain.pem'),
      key: join(folder, 'key.pem'),
      authority: join(folder, 'authority.pem'),
    };
    const { chain, key } = await issueCertificate(authority, { service, trustDomain, ttl: certificateTtl });
    writeFileAtomically(files.authority, authority.pem);
    writeFileAtomically(files.key, key);
    writeFileAtomically(files.chain, chain);
    issued.add(service);
    return files;
  };
  const known = new Map<string, Promise<CertificateFiles>>();
  return {
    ensure: (service) => {
      const files = known.get(service) ?? issue(service);
      known.set(service, files);
      return files;
    },
    renew: async () => {
      for (const service of issued) await issue(service);
    },
  };
}

async function openAuthority(paths: StatePaths, file: string, trustDomain: string): Promise<Authority> {
  const keyFile = join(paths.pki, 'authority.key');
  try {
    return await loadAuthority({
      certificate: readFileSync(file, 'utf8'),
      key: readFileSync(keyFile, 'utf8'),
    });
  } catch {
    const made = await createAuthority({ name: `${trustDomain} authority`, ttl: authorityTtl });
    writeFileAtomically(keyFile, made.key, { durable: true });
    writeFileAtomically(file, made.pem, { durable: true });
    return made;
  }
}
