import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '../security/certificates/authority.ts';
import { issueCertificate } from '../security/certificates/certificate.ts';
import { execute } from '../targets/local/engines/execution.ts';

/** A configuration for Envoy to judge, and the name it is told of by. */
export interface JudgedConfiguration {
  readonly name: string;
  readonly bootstrap: object;
}

/** What Envoy does not accept, and why. */
export interface Rejection {
  readonly name: string;
  readonly reason: string;
}

/** Milliseconds Envoy may take for one configuration. */
const patience = 60_000;

const hour = 3_600_000;

/**
 * Lets Envoy validate configurations, several at a time. It loads the certificates they name, so throw-away ones take
 * their place, and it opens access logs, so these go to a place of their own.
 */
export async function validateAll(
  envoy: string,
  configurations: readonly JudgedConfiguration[],
): Promise<Rejection[]> {
  const folder = mkdtempSync(join(tmpdir(), 'strata-mesh-'));
  try {
    await writeCertificates(folder);
    const waiting = [...configurations.entries()];
    const rejections: Rejection[] = [];
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [index, { name, bootstrap }] = next;
        const file = join(folder, `${index}.json`);
        writeFileSync(file, JSON.stringify(withThrowAwayFiles(bootstrap, folder)));
        const reason = await rejectionOf(envoy, file);
        if (reason !== undefined) rejections.push({ name, reason });
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work));
    return rejections;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rejectionOf(envoy: string, file: string): Promise<string | undefined> {
  const words = [
    '--mode',
    'validate',
    '--config-path',
    file,
    '--log-level',
    'error',
    '--disable-hot-restart',
  ];
  const { succeeded, errors } = await execute(envoy, words, { timeout: patience });
  if (succeeded) return undefined;
  // Envoy's lines begin with time, thread, level, component and place.
  const said = errors.split('\n').filter((line) => line.trim() !== '');
  return (said.at(-1) ?? 'it gave no reason')
    .replace(/^(\[[^\]]*\]\s*)+/, '')
    .replaceAll(file, 'the configuration');
}

async function writeCertificates(folder: string): Promise<void> {
  const authority = await createAuthority({ name: 'throw-away', ttl: hour });
  const { chain, key } = await issueCertificate(authority, {
    service: 'throw-away',
    trustDomain: 'throw-away',
  });
  writeFileSync(join(folder, 'chain.pem'), chain);
  writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 });
  writeFileSync(join(folder, 'authorities.pem'), authority.pem);
}

/** The same configuration with files of its own in the place of those it names. */
function withThrowAwayFiles(bootstrap: object, folder: string): object {
  const stands: Readonly<Record<string, string>> = {
    certificate_chain: 'chain.pem',
    private_key: 'key.pem',
    trusted_ca: 'authorities.pem',
  };
  return JSON.parse(JSON.stringify(bootstrap), (key, value) => {
    const file = stands[key];
    if (file !== undefined && value?.filename !== undefined) return { filename: join(folder, file) };
    if (key === 'watched_directory') return { path: folder };
    return isAccessLog(value) ? { ...value, path: join(folder, 'access.log') } : value;
  });
}

function isAccessLog(value: unknown): value is { readonly path: string } {
  if (typeof value !== 'object' || value === null || !('@type' in value) || !('path' in value)) return false;
  return String(value['@type']).endsWith('FileAccessLog');
}
