import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { scriptSources, withPageScripts } from '../../src/edge/page-scripts.ts';

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('the sources of the pages’ scripts', () => {
  const cases: [string, string[], string][] = [
    ['none for pages without scripts', ['<p>text'], ''],
    ['the hash of an inline script', ['<script>run()</script>'], `'strict-dynamic' ${hash('run()')}`],
    [
      'of a module, spaces and lines included',
      ['<script type="module"> a\n </script>'],
      `'strict-dynamic' ${hash(' a\n ')}`,
    ],
    [
      'each hash once, in one order',
      ['<script>b</script><script>a</script>', '<SCRIPT>b</SCRIPT >'],
      `'strict-dynamic' ${[hash('a'), hash('b')].sort().join(' ')}`,
    ],
    [
      'the integrity of a file',
      ['<script src="/a.js" integrity="sha384-AAAA"></script>'],
      "'strict-dynamic' 'sha384-AAAA'",
    ],
    ['none at all when a file has no integrity', ['<script>a</script><script src=/a.js></script>'], ''],
    ['none at all when its integrity is none', ['<script src=/a.js integrity="md5-AAAA"></script>'], ''],
    ['nothing of data', ['<script type="application/json">{}</script>'], ''],
    ['an import map', ['<script type="importmap">{}</script>'], `'strict-dynamic' ${hash('{}')}`],
    ['also behind a > in an attribute', ['<script data-a="x>y">a</script>'], `'strict-dynamic' ${hash('a')}`],
    [
      'no attribute that only ends alike',
      ['<script data-src="/a.js">a</script>'],
      `'strict-dynamic' ${hash('a')}`,
    ],
  ];
  for (const [name, pages, expected] of cases) {
    test(name, () => assert.equal(scriptSources(pages), expected));
  }
});

test('a policy gets the scripts of all pages below the folders, and its other sources stay', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pages-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'below'));
  await writeFile(join(folder, 'index.html'), '<script>a</script>');
  await writeFile(join(folder, 'below', 'index.html'), '<script>b</script>');
  await writeFile(join(folder, 'a.js'), '<script>c</script>');
  const policy = (contentSecurityPolicy: string) => ({
    security: { contentTypeOptions: true, contentSecurityPolicy },
  });
  const asked = {
    pages: policy("default-src 'none'; script-src {scripts} 'self'"),
    data: policy("default-src 'none'"),
  };
  const { pages, data } = withPageScripts(asked, [folder, join(folder, 'missing')]);
  const hashes = [hash('a'), hash('b')].sort().join(' ');
  assert.equal(
    pages?.security.contentSecurityPolicy,
    `default-src 'none'; script-src 'strict-dynamic' ${hashes} 'self'`,
  );
  assert.equal(data, asked.data);
  const without = withPageScripts(asked, []).pages?.security.contentSecurityPolicy;
  assert.equal(without, "default-src 'none'; script-src 'self'");
});
