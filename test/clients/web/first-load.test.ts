import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { before, describe, test } from 'node:test';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { documents } from '../../../clients/web/src/documents.ts';
import { loadPlan } from '../../../src/commands/project.ts';
import { buildPages } from '../../../src/targets/local/pages.ts';

const root = resolve(import.meta.dirname, '../../..');
const output = join(root, 'clients/web/dist');
const assets = join(output, 'assets');
/** Every document that may be the first one of a visit. */
const pages = ['404.html', ...documents.map(({ path }) => `${path}/index.html`.replace(/^\/+/, ''))];

/** Bytes of a script as it is sent: brotli as the edge has it (src/edge/compression/compress.ts), gzip as others do. */
const codings: Readonly<Record<string, (script: Buffer) => number>> = {
  brotli: (script) => brotliCompressSync(script, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length,
  gzip: (script) => gzipSync(script, { level: 6 }).length,
};

describe('the first load', () => {
  before(async () => buildPages(root, await loadPlan(root), () => undefined));

  for (const [coding, sentSize] of Object.entries(codings)) {
    for (const page of pages) {
      test(`of ${page} is at most 116 KB of JavaScript in ${coding}`, () => {
        const scripts = scriptsOf(page);
        assert.ok(scripts.length > 2, 'the scripts were found');
        const size = sumOf(scripts, sentSize);
        assert.ok(size <= 116_000, `${(size / 1_000).toFixed(1)} KB`);
      });
    }

    test(`of any page is at most 120 KB in ${coding} with what is fetched for who is signed in`, () => {
      const signedIn = allScripts().filter((name) => /^(?:signed-in|outbox|dialog)-/.test(name));
      assert.ok(signedIn.length >= 2, 'the scripts were found');
      for (const page of pages) {
        const size = sumOf(
          new Set([...scriptsOf(page), ...signedIn.map((name) => join(assets, name))]),
          sentSize,
        );
        assert.ok(size <= 120_000, `${page}: ${(size / 1_000).toFixed(1)} KB`);
      }
    });
  }

  test('is measured for every page there is', () => {
    const built = readdirSync(output, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.html'),
    );
    assert.deepEqual(built.toSorted(), pages.toSorted());
  });

  test('fetches at once all that is run before the page is shown', () => {
    for (const page of pages) {
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
    for (const page of pages) {
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

function allScripts(): string[] {
  return readdirSync(assets).filter((name) => name.endsWith('.js'));
}

function sumOf(scripts: Iterable<string>, sentSize: (script: Buffer) => number): number {
  return [...scripts].reduce((sum, script) => sum + sentSize(readFileSync(script)), 0);
}
