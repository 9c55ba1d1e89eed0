import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { ServerCertificate } from './listener.ts';

/** Absolute paths of a certificate and its key, both in PEM. */
export interface CertificateFiles {
  readonly chain: string;
  readonly key: string;
}

/** How often the files are looked at, in milliseconds: they are replaced twelve hours before they expire. */
const interval = 30_000;

/** @throws Error when a file cannot be read */
export function readCertificate({ chain, key }: CertificateFiles): ServerCertificate {
  return { chain: readFileSync(chain, 'utf8'), key: readFileSync(key, 'utf8') };
}

/**
 * Reads a certificate again whenever it was replaced; its key has to be replaced first. One that cannot be read changes
 * nothing.
 * @returns what ends it
 */
export function followCertificate(
  files: CertificateFiles,
  renew: (certificate: ServerCertificate) => void,
  every = interval,
): () => void {
  const look = (): void => {
    try {
      renew(readCertificate(files));
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  };
  watchFile(files.chain, { interval: every, persistent: false }, look);
  return () => unwatchFile(files.chain, look);
}
