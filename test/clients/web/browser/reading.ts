import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../../eventually.ts';
import type { Site } from './site.ts';
import { inspect } from './visitor.ts';

/** What anyone can do: browse, search, open. */
export function testReading(site: Site): void {
  test('anyone browses, sees where the answer came from, searches and opens', async (t) => {
    const visitor = await site.visit(t);
    const { page } = visitor;
    await page.goto('/');
    await page.locator('a.row').nth(19).waitFor();
    await inspect(visitor, 'browse');
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.locator('a.row').nth(39).waitFor();

    const panel = page.getByRole('complementary', { name: 'This answer' });
    await panel.getByText('Your browser').waitFor();
    await panel.locator('[data-layer=access] .layer').waitFor();
    await eventually(async () => {
      await panel.getByRole('button', { name: 'Ask again' }).click();
      assert.match((await panel.locator('.verdict').textContent()) ?? '', /hit|shared|stale/);
    });

    await page.keyboard.press('/');
    await page.keyboard.type('Tokyo');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/?name=Tokyo');
    await page.getByRole('link', { name: /Tokyo/ }).first().waitFor();
    assert.equal(await page.locator('h1').textContent(), 'Named “Tokyo”');
    await inspect(visitor, 'search');
    await page.keyboard.press('Escape');
    await page.locator('body').click({ position: { x: 2, y: 400 } });
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('dl.attributes').waitFor();
    assert.equal(await page.title(), `${await page.locator('h1').textContent()} · Strata`);
    assert.equal(await page.getByRole('link', { name: 'Edit' }).count(), 0, 'only an editor is offered that');
    await inspect(visitor, 'entity');

    await page.goto('/?name=Nowhere%20at%20all');
    await page.getByText('No entity has this name').waitFor();
    await inspect(visitor, 'search-empty');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await inspect(visitor, 'keys');
    await page.keyboard.press('Escape');
  });

  test('who goes through very many is told to search', async (t) => {
    const visitor = await site.visit(t);
    const { page } = visitor;
    await page.goto('/');
    const advice = page.getByText('search by name to find one');
    for (let rows = 20; rows <= 200; rows += 20) {
      await page
        .locator('a.row')
        .nth(rows - 1)
        .waitFor();
      if (rows === 200) break;
      assert.equal(await advice.count(), 0, `${rows} are not many`);
      await page.getByRole('button', { name: 'Show more' }).click();
    }
    await advice.waitFor();
    await advice.scrollIntoViewIfNeeded();
    await inspect(visitor, 'browse-many');
  });

  test('an address that leads nowhere is 404, and says where to go on', async (t) => {
    const visitor = await site.visit(t);
    const answer = await visitor.page.goto('/nothing-here');
    assert.equal(answer?.status(), 404);
    await visitor.page.getByRole('link', { name: 'Go to the entities' }).waitFor();
    await inspect(visitor, 'missing');
    await visitor.page.goto('/entity?id=00000000-0000-4000-8000-000000000000');
    await visitor.page.getByText('There is no such entity').waitFor();
    await inspect(visitor, 'entity-missing');
  });
}
