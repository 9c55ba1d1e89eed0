import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';

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
  if (!existsSync(folder)) {
    removeOld();
    try {
      renameSync((await synthesize()).directory, folder);
    } catch (error) {
      // Another test file was faster: its folder has the same in it.
      if (!existsSync(folder)) throw error;
    }
  }
  return new CloudAssembly(folder);
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
