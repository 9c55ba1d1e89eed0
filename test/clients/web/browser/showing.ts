import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../../eventually.ts';
import type { Site } from './site.ts';

/** Every address a visit can begin at, and what shows that its page is there. */
const pages: readonly (readonly [path: string, sign: string])[] = [
  ['/', 'a.row'],
  ['/?name=Tokyo', 'a.row'],
  ['/new', '.notice'],
  ['/waiting', '.notice'],
  ['/account', '.notice'],
  ['/signed-out', '.notice'],
  ['/nothing-here', '.notice'],
];

/** How pages are shown: without flicker, without motion, enlarged, in the system's colours. */
export function testShowing(site: Site): void {
  test('no page has a skeleton in its place when its code is there: what the document shows stays', async (t) => {
    for (const [path, sign] of pages) {
      const { page } = await site.visit(t, { serviceWorkers: 'block' });
      await page.addInitScript(`{
        globalThis.skeletons = [];
        new MutationObserver(() => {
          if (document.querySelector('main .loading')) skeletons.push(location.pathname);
        }).observe(document, { childList: true, subtree: true });
      }`);
      await page.goto(path);
      await page.locator(sign).first().waitFor();
      // Some documents hold it until the page is drawn; then it does not come again.
      const first = await page.evaluate<string[]>('skeletons.splice(0)');
      await page.locator('.brand').click();
      await page.locator('a.row').first().waitFor();
      if (path.startsWith('/?') || path === '/' || path === '/nothing-here')
        assert.deepEqual(first, [], path);
      assert.deepEqual(await page.evaluate<string[]>('skeletons'), [], `from ${path} to the list`);
    }
  });

  test('nothing jumps when what is read arrives, on a phone and on a desktop', async (t) => {
    const { id } = await site.created('Franeker', { country: 'NL', planetarium: true, bridges: 12 });
    for (const viewport of [
      { width: 390, height: 844 },
      { width: 1280, height: 860 },
    ]) {
      for (const path of ['/', '/?name=Tokyo', `/entity?id=${id}`]) {
        const { page } = await site.visit(t, { serviceWorkers: 'block', viewport });
        await page.addInitScript(`{
          globalThis.jumps = [];
          new PerformanceObserver((list) => jumps.push(...list.getEntries().map(({ value }) => value)))
            .observe({ type: 'layout-shift', buffered: true });
        }`);
        const arrive = Promise.withResolvers<void>();
        await page.route(/\/api\/v1\/data/, async (route) => {
          await arrive.promise;
          await route.continue();
        });
        await page.goto(path);
        await page.locator('#root > header').waitFor();
        arrive.resolve();
        await page.locator('a.row, dl.attributes').first().waitFor();
        await page.evaluate(
          'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
        );
        assert.deepEqual(await page.evaluate<number[]>('jumps'), [], `${path} at ${viewport.width} px`);
      }
    }
  });

  test('nothing moves for who wants no motion', async (t) => {
    const { page } = await site.visit(t, { serviceWorkers: 'block' });
    await page.route(/\/api\/v1\/data/, () => undefined);
    const moving = async () => {
      await page.goto('/');
      await page.locator('.skeleton').first().waitFor();
      return page.evaluate<number>('document.getAnimations().length');
    };
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    assert.ok((await moving()) > 0, 'skeletons breathe');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    assert.equal(await moving(), 0);
  });

  test('in the system’s own colours, what colours say is still said', async (t) => {
    const { page } = await site.visit(t, { forcedColors: 'active' });
    await page.goto('/?name=Tokyo');
    await page.locator('a.row').first().click();
    // The list's own answer is shown until the entity is there.
    await page.getByRole('heading', { level: 1, name: 'Tokyo', exact: true }).waitFor();
    const [bar, behind] = await eventually(() =>
      page.evaluate<[bar: string, behind: string]>(
        `['.span', '.track'].map((part) => getComputedStyle(document.querySelector('.waterfall ' + part)).backgroundColor)`,
      ),
    );
    assert.notEqual(bar, behind, 'a bar is seen in its track');
    const borders = await page.evaluate<string[]>(
      "[...document.querySelectorAll('.button')].map((button) => getComputedStyle(button).borderTopWidth)",
    );
    assert.deepEqual([...new Set(borders)], ['1px']);
  });

  test('enlarged to 200 %, the header leaves the page its room and covers nothing that has the focus', async (t) => {
    const { page } = await site.visit(t, { viewport: { width: 640, height: 430 } });
    await page.goto('/');
    await page.locator('a.row').nth(19).waitFor();
    await page.locator('a.row').nth(19).focus();
    for (let row = 18; row >= 0; row -= 1) {
      await page.keyboard.press('k');
      const covered = await page.evaluate<boolean>(`(() => {
        const { left, top } = document.activeElement.getBoundingClientRect();
        return !document.activeElement.contains(document.elementFromPoint(left + 20, top + 4));
      })()`);
      assert.equal(covered, false, `row ${row}`);
    }
  });
}
