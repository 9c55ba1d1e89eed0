import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { before, describe, test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';
import { loadPlan } from '../../../src/commands/project.ts';
import { buildPages } from '../../../src/targets/local/pages.ts';

const root = resolve(import.meta.dirname, '../../..');
const output = join(root, 'clients/web/dist');

describe('the first load', () => {
  before(async () => buildPages(root, await loadPlan(root), () => undefined));

  test('is at most 120 KB of JavaScript, compressed, with the page it leads to', () => {
    const scripts = scriptsOf('index.html', 'browse-page');
    assert.ok(scripts.length > 2, 'the scripts were found');
    const size = scripts.reduce((sum, script) => sum + sentSize(readFileSync(join(output, script))), 0);
    assert.ok(size <= 120_000, `${(size / 1_000).toFixed(1)} KB`);
  });

  test('runs one script that stands in the page, the same in each, and styles nothing there', () => {
    for (const page of ['index.html', '404.html', 'entity/index.html', 'account/index.html']) {
      const html = readFileSync(join(output, page), 'utf8');
      assert.doesNotMatch(html, /<style|\sstyle=|\son\w+=|javascript:/, page);
      const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^<]*)<\/script>/g)].map(
        ([, text]) => text,
      );
      assert.deepEqual(inline, [loader], page);
    }
  });

  test('is drawn before any script runs: the page’s heading is in the document', () => {
    assert.match(readFileSync(join(output, 'index.html'), 'utf8'), /<h1[^>]*>Entities<\/h1>/);
  });
});

/** What the policy allows by its hash. */
const loader = "import('/assets/' + document.querySelector('script[data-entry]').dataset.entry)";

/** Bytes of a script as the edge sends it to a browser: brotli, at the quality of src/edge/compression/compress.ts. */
function sentSize(script: Buffer): number {
  return brotliCompressSync(script, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length;
}

/** The scripts a page loads at first: what it names, what those import, and the route's own. */
function scriptsOf(page: string, route: string): string[] {
  const html = readFileSync(join(output, page), 'utf8');
  const found = new Set(
    [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path ?? ''),
  );
  for (const script of found) {
    const text = readFileSync(join(output, script), 'utf8');
    for (const [, path] of text.matchAll(/(?:from|import)\s*[`"'](\.\/[^`"']+\.js)[`"']/g)) {
      found.add(join(dirname(script), path ?? ''));
    }
    const [, lazy] = text.match(new RegExp(`import\\([\`"']\\./(${route}[^\`"']*\\.js)[\`"']\\)`)) ?? [];
    if (lazy) found.add(join(dirname(script), lazy));
  }
  return [...found];
}
