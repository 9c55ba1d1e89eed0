import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { eventually } from '../../eventually.ts';

/** Everything that templates are made of. */
const sources = [
  'blueprint.ts',
  'package-lock.json',
  'src/**/*',
  'services/**/*',
  'functions/**/*',
  'images/**/*',
  'clients/{kit,web}/**/*',
];

const prefix = 'strata-assembly-';
const hour = 3_600_000;

/**
 * What `synthesize` makes of the repository's own blueprint, once for all test files: it takes seconds. It is kept
 * under a name that says what it was made of; what is older than an hour goes.
 */
export async function sharedAssembly(
  root: string,
  synthesize: () => Promise<CloudAssembly>,
): Promise<CloudAssembly> {
  const folder = join(tmpdir(), `${prefix}${hashOf(root)}`);
  if (!existsSync(folder) && !(await isMadeByAnother(folder))) {
    removeOld();
    try {
      renameSync((await synthesize()).directory, folder);
    } catch (error) {
      // Another test file was faster: its folder has the same in it.
      if (!existsSync(folder)) throw error;
    } finally {
      rmSync(workOn(folder), { recursive: true, force: true });
    }
  }
  return new CloudAssembly(folder);
}

/** Says, by being there, that a test file makes the folder. */
const workOn = (folder: string) => `${folder}-work`;

/** Waits for the folder where another test file is making it. @returns false when this one is to make it */
async function isMadeByAnother(folder: string): Promise<boolean> {
  try {
    mkdirSync(workOn(folder));
    return false;
  } catch {
    const made = eventually(() => assert.ok(existsSync(folder)), { timeout: 60_000 });
    // Whoever was at it may have been ended.
    return made.then(
      () => true,
      () => false,
    );
  }
}

function hashOf(root: string): string {
  const hash = createHash('sha256').update(process.version);
  for (const path of globSync(sources, { cwd: root }).sort()) {
    const file = join(root, path);
    if (statSync(file).isFile()) hash.update(path).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

function removeOld(): void {
  for (const folder of globSync(`${prefix}*`, { cwd: tmpdir() }).map((name) => join(tmpdir(), name))) {
    if (Date.now() - statSync(folder).mtimeMs > hour) rmSync(folder, { recursive: true, force: true });
  }
}
