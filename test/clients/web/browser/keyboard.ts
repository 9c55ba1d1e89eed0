import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { eventually } from '../../../eventually.ts';
import type { Site } from './site.ts';
import { signIn } from './visitor.ts';

/** What has the focus, as a screen reader calls it. */
function focused(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const element = document.activeElement;
    return (element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent).trim();
  })()`);
}

/** Whether what has the focus is seen to have it. */
function isFocusSeen(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(`(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  })()`);
}

/** The keyboard alone. */
export function testKeyboard(site: Site): void {
  test('the keyboard goes through a page in the order it is read, and one sees where it is', async (t) => {
    const { page } = await site.visit(t);
    await page.goto('/');
    await page.locator('a.row').nth(19).waitFor();
    const stops: string[] = [];
    for (let stop = 0; stop < 6; stop += 1) {
      await page.keyboard.press('Tab');
      stops.push(await focused(page));
      assert.ok(await isFocusSeen(page), stops.at(-1));
    }
    const [name] = (await page.locator('a.row .row-name').first().textContent())?.split('\n') ?? [];
    assert.deepEqual(stops.slice(0, 5), [
      'Skip to the page',
      'Strata',
      'Find entities by exact name',
      'Sign in',
      'Ask again',
    ]);
    assert.ok(stops[5]?.startsWith(name ?? '-'), `then the first row: ${stops[5]}`);

    await page.reload();
    await page.locator('a.row').nth(19).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'Ask again', 'the header was skipped');
  });

  test('a page that is opened has the focus on its heading, and Back leads to where one was', async (t) => {
    const { page } = await site.visit(t);
    await page.goto('/?name=Tokyo');
    await page.locator('a.row').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('dl.attributes').waitFor();
    await eventually(async () => assert.equal(await page.evaluate('document.activeElement.tagName'), 'H1'));
    await page.goBack();
    await page.locator('a.row').first().waitFor();
    await eventually(async () => assert.equal(await focused(page), 'Named “Tokyo”'));
  });

  test('Escape closes what is open, and the focus goes back to what opened it', async (t) => {
    const visitor = await site.visit(t);
    const { page } = visitor;
    const { id } = await site.created('Sneek');
    await page.goto(`/entity?id=${id}`);
    await signIn(visitor, 'admin', site.passwords.admin);
    await page.getByRole('button', { name: 'Delete' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Delete “Sneek”?' });
    await dialog.waitFor();
    for (let stop = 0; stop < 6; stop += 1) {
      await page.keyboard.press('Tab');
      const inside = await page.evaluate<boolean>(
        "document.activeElement === document.body || document.activeElement.closest('dialog') !== null",
      );
      assert.ok(inside, 'the focus stays in the dialog');
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(await focused(page), 'Delete');

    await page.locator('.session-menu > button').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Your sessions' }).waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'Your sessions');
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Your sessions' }).waitFor({ state: 'hidden' });
    assert.equal(await focused(page), 'admin');

    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
    assert.equal(await focused(page), 'admin');
  });
}
