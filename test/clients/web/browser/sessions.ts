import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../../eventually.ts';
import type { Site } from './site.ts';
import { inspect, signIn } from './visitor.ts';

/** Sessions that expire, end, or outlive the platform. */
export function testSessions(site: Site): void {
  test('an expired session renews itself, an ended one asks to sign in and keeps what was typed', async (t) => {
    const visitor = await site.visit(t);
    const { page, context } = visitor;
    const { id } = await site.created('Meppel', { country: 'NL' });
    await page.goto(`/entity/edit?id=${id}`);
    await signIn(visitor, 'editor', site.passwords.editor);
    await page.getByLabel('Value of country').fill('once');
    await context.clearCookies({ name: '__Host-session' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(`**/entity?id=${id}`);
    assert.deepEqual((await site.record(id)).attributes, { country: 'once' });

    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Value of country').fill('twice');
    await context.clearCookies();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Sign in to go on').waitFor();
    await inspect(visitor, 'session-ended');
    await signIn(visitor, 'editor', site.passwords.editor);
    assert.equal(await page.getByLabel('Value of country').inputValue(), 'twice');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(`**/entity?id=${id}`);
    assert.deepEqual((await site.record(id)).attributes, { country: 'twice' });
  });

  test('sessions are listed, and one is ended from another', async (t) => {
    const [here, there] = [await site.visit(t), await site.visit(t)];
    await there.page.goto('/account');
    await there.page.getByText('Sign in to go on').waitFor();
    await signIn(there, 'reader', site.passwords.reader);
    await here.page.goto('/account');
    await signIn(here, 'reader', site.passwords.reader);
    await here.page.locator('.session-row').nth(1).waitFor();
    await inspect(here, 'sessions');
    const own = here.page.locator('.session-row', { hasText: 'this browser' });
    assert.equal(await own.getByRole('button').count(), 0);
    const before = await here.page.locator('.session-row').count();
    await here.page.getByRole('button', { name: /^End/ }).first().click();
    await eventually(async () => assert.equal(await here.page.locator('.session-row').count(), before - 1));
    await here.page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await inspect(here, 'sign-out-everywhere');
    await here.page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await here.page.waitForURL('**/signed-out');
    await there.page.reload();
    await there.page.getByText('Sign in to go on').waitFor();
  });

  test('a platform that is restarted underneath is waited for, and the session goes on', async (t) => {
    const visitor = await site.visit(t);
    const { page } = visitor;
    await page.goto('/');
    await signIn(visitor, 'editor', site.passwords.editor);
    await page.evaluate('navigator.serviceWorker.ready');
    const { id } = await site.created('Coevorden', { country: 'NL' });
    await site.project.strata('down');
    await page.goto(`/entity?id=${id}`);
    await page.getByText('The platform cannot be reached').waitFor();
    await inspect(visitor, 'unreachable');
    await page.getByRole('link', { name: 'Entities' }).first().click();
    await page.locator('.verdict', { hasText: 'Kept on this device' }).waitFor();
    await page.goBack();
    const up = await site.project.strata('up', '--detach', '--port-base', String(site.project.portBase));
    assert.equal(up.code, 0, up.stderr);
    await page.getByRole('heading', { name: 'Coevorden' }).waitFor();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Value of country').fill('Drenthe');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(`**/entity?id=${id}`);
    assert.deepEqual((await site.record(id)).attributes, { country: 'Drenthe' });
  });
}
