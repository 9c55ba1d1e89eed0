import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { temporaryFolder } from './engines.ts';
import { pythonTool, pythonTools } from './python-tool.ts';

/** A wheel of one module that says `ours`, as an index would have it. */
const wheel = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as archive:
    archive.writestr('thing.py', 'word = "ours"')
    archive.writestr('thing-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: thing\\nVersion: 1.0\\n')
    archive.writestr('thing-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    archive.writestr('thing-1.0.dist-info/RECORD', '')
`;

describe('a tool of the Python package index', () => {
  test('is pinned with all it needs, each by version and hash', () => {
    for (const file of Object.values(pythonTools)) {
      const text = readFileSync(file, 'utf8').replace(/^#.*\n/gm, '');
      const requirements = text.split(/(?<!\\)\n/).filter((line) => line !== '');
      assert.ok(requirements.length > 5, file);
      for (const requirement of requirements) {
        assert.match(requirement, /^[\w.-]+(\[\w+\])?==[\w.]+ .*--hash=sha256:[0-9a-f]{64}/s, file);
      }
    }
  });

  test('is what its hash says, or is not installed', async (t) => {
    const folder = await temporaryFolder(t);
    const path = join(folder, 'thing-1.0-py3-none-any.whl');
    execFileSync('python3', ['-c', wheel, path]);
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
    const requirements = async (name: string, pin: string) => {
      const file = join(folder, name);
      await writeFile(file, `--no-index\n--find-links ${folder}\nthing==1.0${pin}\n`);
      return file;
    };
    const right = await requirements('right.txt', ` --hash=sha256:${hash}`);
    const environment = await pythonTool(right, folder);
    const said = execFileSync('python3', ['-c', 'import thing; print(thing.word)'], {
      env: { ...process.env, ...environment },
      encoding: 'utf8',
    });
    assert.equal(said, 'ours\n');
    const other = await requirements('other.txt', ` --hash=sha256:${'0'.repeat(64)}`);
    await assert.rejects(pythonTool(other, folder), /DO NOT MATCH THE HASHES/);
    await assert.rejects(pythonTool(await requirements('none.txt', ''), folder), /Hashes are required/);
  });
});
