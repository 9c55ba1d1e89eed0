import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { trustSteps } from '../../src/commands/trust-steps.ts';

const sha256 = 'AD:88:4B';
const pages = 'https://app.localhost:18080';
const lines = (path: string) =>
  trustSteps(path, sha256, pages).flatMap(({ trust, undo }) => [...trust, ...undo]);

describe('how to trust the pages', () => {
  test('says how to undo it, wherever it says how to do it', () => {
    for (const { where, trust, undo } of trustSteps('/p/authority.pem', sha256, pages)) {
      assert.ok(trust.length > 0 && undo.length > 0, where);
    }
  });

  test('gives the path as one word of a shell, whatever it holds', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'trust-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, "it's $HOME; here");
    const [first = ''] = lines(path);
    const said = execFileSync('sh', ['-c', first.replace(/^curl/, "printf '%s\\n'")], { encoding: 'utf8' });
    assert.equal(said.split('\n')[1], path);
  });

  test('names the address where the pages are', () => {
    assert.ok(lines('/p').includes(`curl --cacert /p ${pages}/`));
  });

  test('has a place for each system and browser', () => {
    const places = trustSteps('/p', sha256, pages)
      .map(({ where }) => where)
      .join('\n');
    for (const place of ['Chrom', 'Firefox', 'Safari', 'Debian', 'Fedora', 'macOS', 'Windows']) {
      assert.match(places, new RegExp(place));
    }
  });
});
