import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
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

test('lint and format are clean', async () => {
  assert.equal(await findings('.bin/biome', 'check', '--error-on-warnings', '--colors=off'), '');
});

test('nothing is dead: every file, dependency and export is used', async () => {
  assert.equal(await findings('.bin/knip', '--include', 'files,dependencies,unlisted,exports'), '');
});
