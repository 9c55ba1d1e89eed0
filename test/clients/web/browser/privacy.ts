import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { eventually } from '../../../eventually.ts';
import type { Site } from './site.ts';
import { inspect, signIn, type Visitor } from './visitor.ts';

/** Everything a device keeps of this site, as text, but for the application's own files. */
function keptBy(page: Page): Promise<string> {
  return page.evaluate<string>(`(async () => {
    const kept = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
    for (const name of await caches.keys()) {
      if (name.includes('precache')) continue;
      const cache = await caches.open(name);
      for (const request of await cache.keys()) kept.push(request.url, await (await cache.match(request)).text());
    }
    for (const { name } of await indexedDB.databases()) {
      const opened = await new Promise((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      for (const store of opened.objectStoreNames) {
        const all = opened.transaction(store).objectStore(store).getAll();
        kept.push(JSON.stringify(await new Promise((resolve) => { all.onsuccess = () => resolve(all.result); })));
      }
      opened.close();
    }
    return kept.join('\\n');
  })()`);
}

async function signOut({ page }: Visitor): Promise<void> {
  await page.locator('.session-menu > button').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
}

/** What a device keeps of somebody, and two tabs of one browser. */
export function testPrivacy(site: Site): void {
  test('signing out takes away all that the device kept of somebody, in every tab', async (t) => {
    const visitor = await site.visit(t);
    const { page, context } = visitor;
    const { id } = await site.created('Harlingen', { secret: 'Zuiderhaven' });
    await page.goto('/');
    await signIn(visitor, 'editor', site.passwords.editor);
    await page.evaluate('navigator.serviceWorker.ready');
    await page.goto(`/entity/edit?id=${id}`);
    await page.getByLabel('Value of secret').fill('Noorderhaven');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(`**/entity?id=${id}`);
    await page.goto(`/entity?id=${id}`);
    await page.locator('dl.attributes').waitFor();
    const other = await context.newPage();
    await other.goto('/new');
    await other.getByLabel('Name', { exact: true }).fill('Being typed in another tab');
    await context.setOffline(true);
    await page.goto(`/entity/edit?id=${id}`);
    await page.getByLabel('Value of secret').fill('Willemshaven');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.toast', { hasText: 'Kept on this device' }).waitFor();
    await page.goto('/new');
    await page.getByLabel('Name', { exact: true }).fill('Being typed in this tab');
    const before = (await keptBy(page)) + (await keptBy(other));
    for (const each of [
      'Noorderhaven',
      'Willemshaven',
      'Being typed in this tab',
      'another tab',
      id,
      'editor',
    ])
      assert.ok(before.includes(each), `${each} is kept meanwhile`);

    // The platform stays out of reach for the queue alone, so that something is left in it.
    await context.route(/\/api\/v1\/secure/, (route) => route.abort());
    await context.setOffline(false);
    await signOut(visitor);
    await page.getByText('1 change was not sent yet').waitFor();
    await inspect(visitor, 'sign-out-waiting');
    await page.getByRole('button', { name: 'Sign out and drop' }).click();
    await page.waitForURL('**/signed-out');
    await page.getByText('You are signed out').waitFor();
    await other.getByText('Sign in to go on').waitFor();
    await eventually(async () => {
      const after = (await keptBy(page)) + (await keptBy(other));
      for (const each of ['haven', 'Being typed', id, 'editor'])
        assert.ok(!after.includes(each), `${each} is kept: ${after.slice(0, 2_000)}`);
    });
    assert.deepEqual((await site.record(id)).attributes, { secret: 'Noorderhaven' });
    await page.goBack();
    await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).waitFor();
  });

  test('what one person was typing is not shown to the next', async (t) => {
    const visitor = await site.visit(t);
    const { page, context } = visitor;
    await page.goto('/new');
    await signIn(visitor, 'editor', site.passwords.editor);
    await page.getByLabel('Name', { exact: true }).fill('Meant for nobody else');
    await context.clearCookies();
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('Sign in to go on').waitFor();
    await signIn(visitor, 'admin', site.passwords.admin);
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), '');
    await signOut(visitor);
    await page.waitForURL('**/signed-out');
  });

  test('two tabs are one person: both are signed in and out, and a session is renewed once for both', async (t) => {
    const visitor = await site.visit(t);
    const { page, context } = visitor;
    const second = await context.newPage();
    await Promise.all([page.goto('/'), second.goto('/')]);
    await signIn(visitor, 'editor', site.passwords.editor);
    await second.locator('.session-menu').waitFor();
    const tabs = [page, second];
    const expired = tabs.map((tab) => tab.waitForResponse((response) => response.status() === 401));
    let renewals = 0;
    await context.route('**/session/refresh', async (route) => {
      renewals += 1;
      // Not before both have found their session expired.
      await Promise.all(expired);
      await route.continue();
    });
    const { id } = await site.created('Bolsward');
    await context.clearCookies({ name: '__Host-session' });
    await Promise.all(tabs.map((tab) => tab.goto(`/entity?id=${id}&read=record`)));
    await Promise.all(tabs.map((tab) => tab.getByRole('heading', { name: 'Bolsward' }).waitFor()));
    assert.equal(renewals, 1, 'several calls of two tabs, one renewal');
    await signOut(visitor);
    await page.waitForURL('**/signed-out');
    await second.getByRole('banner').getByRole('link', { name: 'Sign in' }).waitFor();
  });
}
