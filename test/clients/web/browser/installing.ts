import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Site } from './site.ts';
import { inspect } from './visitor.ts';

/** The client as an application: installed, and renewed. */
export function testInstalling(site: Site): void {
  test('the browser takes it for an application one can install', async (t) => {
    const { page, context } = await site.visit(t);
    await page.goto('/');
    await page.evaluate('navigator.serviceWorker.ready');
    await page.reload();
    assert.equal(
      await page.evaluate('new URL(navigator.serviceWorker.controller.scriptURL).pathname'),
      '/service-worker.js',
    );
    const browserTools = await context.newCDPSession(page);
    const { url, errors, data = '' } = await browserTools.send('Page.getAppManifest');
    assert.equal(new URL(url).pathname, '/manifest.webmanifest');
    assert.deepEqual(errors, []);
    const { installabilityErrors } = await browserTools.send('Page.getInstallabilityErrors');
    // These visitors browse privately; that is the one thing that may be in the way.
    assert.deepEqual(
      installabilityErrors.map(({ errorId }) => errorId).filter((error) => error !== 'in-incognito'),
      [],
    );
    const { icons } = JSON.parse(data) as { icons: { src: string; sizes: string }[] };
    for (const { src, sizes } of icons) {
      const size = await page.evaluate<string>(
        `(async () => {
          const image = Object.assign(document.createElement('img'), { src: ${JSON.stringify(src)} });
          await image.decode();
          return image.naturalWidth + 'x' + image.naturalHeight;
        })()`,
      );
      if (sizes !== 'any') assert.equal(size, sizes, src);
    }
  });

  test('a newer version is offered, and comes when it is wanted', async (t) => {
    const visitor = await site.visit(t);
    const { page } = visitor;
    await page.goto('/');
    await page.evaluate('navigator.serviceWorker.ready');
    const newer = page.locator('meta[name=edition]');
    await site.publish('<meta name="edition" content="newer">');
    await page.reload();
    await page.getByText('A newer version is ready').waitFor();
    assert.equal(await newer.count(), 0, 'it is not there unasked');
    await inspect(visitor, 'update');
    await page.getByRole('button', { name: 'Reload' }).click();
    await newer.waitFor({ state: 'attached' });
    await page.locator('a.row').first().waitFor();
    assert.equal(await page.getByText('A newer version is ready').count(), 0);
  });
}
