import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Authority, createAuthority, loadAuthority } from '../../security/certificates/authority.ts';
import { issueCertificate } from '../../security/certificates/certificate.ts';
import { needsRenewal } from '../../security/certificates/validity.ts';
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
  /**
   * Issues anew every certificate that is past half of its life; proxies read the files again.
   * @param now milliseconds since the epoch
   * @returns services that got a new one
   */
  renew(now?: number): Promise<string[]>;
}

const day = 86_400_000;
const certificateTtl = day;
const authorityTtl = 3650 * day;

/**
 * How often the platform looks whether a certificate is due. Milliseconds. Often, and not once at half life: while a
 * laptop sleeps its timers stand still and its certificates do not.
 */
export const renewalInterval = 60_000;

/** Opens the authority, made at the first `up`; its key is in a file for this user only. */
export async function openPki(paths: StatePaths, trustDomain: string): Promise<Pki> {
  mkdirSync(paths.pki, { recursive: true, mode: 0o700 });
  const authorityFile = join(paths.pki, 'authority.pem');
  const authority = await openAuthority(paths, authorityFile, trustDomain);
  const chains = new Map<string, string>();

  const issue = async (service: string, now: number): Promise<CertificateFiles> => {
    const folder = join(paths.pki, service);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const files = {
      chain: join(folder, 'chain.pem'),
      key: join(folder, 'key.pem'),
      authority: join(folder, 'authority.pem'),
    };
    const request = { service, trustDomain, ttl: certificateTtl, now };
    const { chain, key } = await issueCertificate(authority, request);
    writeFileAtomically(files.authority, authority.pem);
    writeFileAtomically(files.key, key);
    writeFileAtomically(files.chain, chain);
    chains.set(service, chain);
    return files;
  };
  const known = new Map<string, Promise<CertificateFiles>>();
  return {
    ensure: (service) => {
      const files = known.get(service) ?? issue(service, Date.now());
      known.set(service, files);
      return files;
    },
    renew: async (now = Date.now()) => {
      const services = [...chains].filter(([, chain]) => needsRenewal(chain, now)).map(([name]) => name);
      for (const service of services) await issue(service, now);
      return services;
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
