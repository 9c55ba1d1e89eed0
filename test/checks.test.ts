import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '..');

/** Runs a tool of this project to its end. @returns what it printed when it found something, else '' */
function findings(tool: string, ...words: string[]): Promise<string> {
  return new Promise((done) => {
    const program = resolve(root, 'node_modules', tool);
    execFile(
      process.execPath,
      [program, ...words],
      { cwd: root, maxBuffer: 1024 ** 2 * 16 },
      (error, stdout, stderr) => done(error === null ? '' : `${stdout}${stderr}` || error.message),
    );
  });
}

test('types are clean', async () => {
  assert.equal(await findings('typescript7/bin/tsc'), '');
});

test('types of the web client are clean', async () => {
  assert.equal(await findings('typescript7/bin/tsc', '--project', 'clients/web'), '');
});

test('lint and format are clean', async () => {
  assert.equal(await findings('.bin/biome', 'check', '--error-on-warnings', '--colors=off'), '');
});

test('nothing is dead: every file, dependency and export is used', async () => {
  assert.equal(await findings('.bin/knip', '--include', 'files,dependencies,unlisted,exports'), '');
});

test('the lock file names every optional package, also those of other platforms: npm ci refuses it otherwise', () => {
  const lock: { packages: Record<string, { optionalDependencies?: Record<string, string> }> } = JSON.parse(
    readFileSync(resolve(root, 'package-lock.json'), 'utf8'),
  );
  const optional = Object.values(lock.packages).flatMap((entry) =>
    Object.keys(entry.optionalDependencies ?? {}),
  );
  const locked = Object.keys(lock.packages);
  const missing = optional.filter((name) => !locked.some((path) => path.endsWith(`node_modules/${name}`)));
  assert.deepEqual(missing, []);
});
