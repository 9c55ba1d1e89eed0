import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../../eventually.ts';
import { call } from '../../../system/client.ts';
import type { Site } from './site.ts';
import { inspect, signIn } from './visitor.ts';

/** Without a network. */
export function testOffline(site: Site): void {
  test('without a network, what was seen is read, and edits wait, are sent, or are decided about', async (t) => {
    const visitor = await site.visit(t);
    const { page, context } = visitor;
    const first = await site.created('Assen', { country: 'NL' });
    const second = await site.created('Emmen', { country: 'NL' });
    await page.goto('/');
    await signIn(visitor, 'editor', site.passwords.editor);
    await page.evaluate('navigator.serviceWorker.ready');
    for (const { id } of [first, second]) {
      await page.goto(`/entity?id=${id}`);
      await page.locator('dl.attributes').waitFor();
    }
    await page.goto('/');
    await page.locator('a.row').first().waitFor();

    await context.setOffline(true);
    await page.reload();
    await page.getByText('You are offline').waitFor();
    await page.locator('a.row').first().waitFor();
    await page.locator('.verdict', { hasText: 'Kept on this device' }).waitFor();
    await inspect(visitor, 'offline');
    for (const [entity, value] of [
      [first, 'Drenthe'],
      [second, 'Drente'],
    ] as const) {
      await page.goto(`/entity/edit?id=${entity.id}`);
      await page.getByLabel('Value of country').fill(value);
      await page.getByRole('button', { name: 'Save' }).click();
      await page.locator('.toast', { hasText: 'Kept on this device' }).waitFor();
    }
    await page.goto('/new');
    await page.getByLabel('Name', { exact: true }).fill('Hoogeveen');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.waitForURL('**/waiting');
    await page.locator('.change-row').nth(2).waitFor();
    assert.equal(await page.locator('.change-row').count(), 3);
    await inspect(visitor, 'waiting');
    await page.goto(`/entity?id=${'0'.repeat(8)}-0000-4000-8000-000000000000`);
    await page.locator('.notice', { hasText: 'You are offline' }).waitFor();
    await inspect(visitor, 'offline-unseen');
    await page.goto('/waiting');

    await site.changed(second.id, ({ name }) => ({ name, attributes: { country: 'Nederland' } }));
    await context.setOffline(false);
    await page.getByText('changed meanwhile').waitFor();
    await eventually(async () => {
      assert.equal(await page.locator('.change-row').count(), 1);
    });
    assert.deepEqual((await site.record(first.id)).attributes, { country: 'Drenthe' });
    const named = await call('GET', `${site.gateway}/api/v1/data?limit=100&name=Hoogeveen`);
    assert.equal(named.status, 200);
    await inspect(visitor, 'waiting-conflict');
    await page.getByRole('button', { name: 'Decide' }).click();
    await page.getByRole('button', { name: 'Save this' }).waitFor();
    await page.getByText('Yours', { exact: true }).click();
    await page.getByRole('button', { name: 'Save this' }).click();
    await page.getByText('Nothing is waiting').waitFor();
    await inspect(visitor, 'waiting-empty');
    assert.deepEqual((await site.record(second.id)).attributes, { country: 'Drente' });
    await page.goto('/');
    await page.getByRole('link', { name: /Hoogeveen/ }).waitFor();
    assert.equal(await page.getByRole('link', { name: /Hoogeveen/ }).count(), 1);
  });
}
