import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createAuthority,
  loadAuthority,
  type StoredAuthority,
} from '../../security/certificates/authority.ts';
import { issueServerCertificate } from '../../security/certificates/certificate.ts';
import { needsRenewal } from '../../security/certificates/validity.ts';
import { writeFileAtomically } from './file.ts';
import type { StatePaths } from './paths.ts';

/** Absolute paths of the files that pages are served with. */
export interface PagesCertificateFiles {
  readonly chain: string;
  readonly key: string;
}

/** The certificate that browsers see. */
export interface PagesCertificate {
  readonly files: PagesCertificateFiles;
  /**
   * Issues it anew when it is past half of its life, in the same files.
   * @param now milliseconds since the epoch
   * @returns whether it was due
   */
  renew(now?: number): Promise<boolean>;
}

const day = 86_400_000;
const certificateTtl = day;
const authorityTtl = 825 * day;

/** Names of the pages; browsers resolve whatever ends in localhost to this machine (RFC 6761, section 6.3). */
const names = {
  hostnames: ['app.localhost', 'console.localhost', 'localhost'],
  addresses: ['127.0.0.1'],
};

/** What the authority may vouch for: whoever trusts it trusts it with nothing but this machine's own pages. */
const permitted = {
  hosts: ['localhost'],
  addresses: [{ address: '127.0.0.0', mask: '255.0.0.0' }],
};

/** Where the certificate of the pages' authority is: what `strata trust` is about. */
export function pagesAuthorityFile(paths: StatePaths): string {
  return join(folderOf(paths), 'authority.pem');
}

/**
 * Opens the pages' authority, made at the first `up`, and issues the certificate. It is not the mesh's authority: a
 * browser that trusts this one has nothing to do with services, and services nothing with browsers.
 */
export async function openPagesCertificate(paths: StatePaths): Promise<PagesCertificate> {
  const folder = folderOf(paths);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const authority = await openAuthority(paths);
  const files = { chain: join(folder, 'chain.pem'), key: join(folder, 'key.pem') };
  let current: string;
  const issue = async (now: number): Promise<void> => {
    const { chain, key } = await issueServerCertificate(authority, { ...names, ttl: certificateTtl, now });
    // Who follows the files looks at the chain.
    writeFileAtomically(files.key, key);
    writeFileAtomically(files.chain, chain);
    current = chain;
  };
  await issue(Date.now());
  return {
    files,
    renew: async (now = Date.now()) => {
      if (!needsRenewal(current, now)) return false;
      await issue(now);
      return true;
    },
  };
}

async function openAuthority(paths: StatePaths): Promise<StoredAuthority> {
  const file = pagesAuthorityFile(paths);
  const keyFile = join(folderOf(paths), 'authority.key');
  try {
    const stored = { certificate: readFileSync(file, 'utf8'), key: readFileSync(keyFile, 'utf8') };
    if (!needsRenewal(stored.certificate, Date.now())) return await loadAuthority(stored);
  } catch {
    // Made anew.
  }
  const made = await createAuthority({ name: 'Strata pages on this machine', ttl: authorityTtl, permitted });
  writeFileAtomically(keyFile, made.key, { durable: true });
  writeFileAtomically(file, made.pem, { durable: true });
  return made;
}

function folderOf(paths: StatePaths): string {
  return join(paths.pki, 'pages');
}
