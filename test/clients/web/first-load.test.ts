import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { before, describe, test } from 'node:test';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { loadPlan } from '../../../src/commands/project.ts';
import { buildPages } from '../../../src/targets/local/pages.ts';

const root = resolve(import.meta.dirname, '../../..');
const output = join(root, 'clients/web/dist');
const assets = join(output, 'assets');

/** Bytes of a script as it is sent: brotli as the edge has it (src/edge/compression/compress.ts), gzip as others do. */
const codings: Readonly<Record<string, (script: Buffer) => number>> = {
  brotli: (script) => brotliCompressSync(script, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length,
  gzip: (script) => gzipSync(script, { level: 6 }).length,
};

describe('the first load', () => {
  before(async () => buildPages(root, await loadPlan(root), () => undefined));

  for (const [coding, sentSize] of Object.entries(codings)) {
    test(`is at most 120 KB of JavaScript in ${coding}, with the page it leads to`, () => {
      const scripts = scriptsOf('index.html');
      assert.ok(scripts.length > 2, 'the scripts were found');
      const size = scripts.reduce((sum, script) => sum + sentSize(readFileSync(script)), 0);
      assert.ok(size <= 120_000, `${(size / 1_000).toFixed(1)} KB`);
    });
  }

  test('fetches at once all that is run before the page is shown', () => {
    for (const page of ['index.html', 'entity/index.html', 'entity/edit/index.html', 'account/index.html']) {
      const scripts = scriptsOf(page);
      for (const script of scripts) {
        const imported = [
          ...readFileSync(script, 'utf8').matchAll(/(?:from|import)\s*[`"']\.\/([^`"']+)[`"']/g),
        ];
        for (const [, name = ''] of imported)
          assert.ok(scripts.includes(join(assets, name)), `${page}: ${name}`);
      }
    }
  });

  test('runs and styles nothing that stands in the page itself, but for one script, the same on every page', () => {
    const scripts = new Set<string | undefined>();
    for (const page of ['index.html', '404.html', 'entity/index.html', 'account/index.html']) {
      const html = readFileSync(join(output, page), 'utf8');
      assert.doesNotMatch(html, /<style|\sstyle=|\son\w+=|javascript:|rel="modulepreload"/, page);
      const found = [...html.matchAll(/<script[^>]*>([^<]*)/g)];
      assert.equal(found.length, 1, page);
      scripts.add(found[0]?.[1]);
    }
    assert.equal(scripts.size, 1);
  });

  test('is drawn before any script runs: the page’s heading is in the document', () => {
    assert.match(readFileSync(join(output, 'index.html'), 'utf8'), /<h1[^>]*>Entities<\/h1>/);
  });
});

/** The scripts a page has fetched, by path. */
function scriptsOf(page: string): string[] {
  const [, names = ''] = readFileSync(join(output, page), 'utf8').match(/data-modules="([^"]+)"/) ?? [];
  return names.split(' ').map((name) => join(assets, name));
}
