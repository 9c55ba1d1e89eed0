import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Site } from './site.ts';
import { inspect, signIn } from './visitor.ts';

const idOf = (url: string) => new URL(url).searchParams.get('id') ?? '';

/** Creating, changing, deleting, and what a role lacks. */
export function testEditing(site: Site): void {
  test('an administrator signs in, creates, edits and deletes, and ends up signed out', async (t) => {
    const visitor = await site.visit(t);
    const { page } = visitor;
    await page.goto('/new');
    await page.getByText('Sign in to go on').waitFor();
    await inspect(visitor, 'new-signed-out');
    await signIn(visitor, 'admin', site.passwords.admin);
    await page.waitForURL('**/new');
    const readable = await page.evaluate<string>('document.cookie');
    assert.equal(readable, '', 'no script reads a cookie of the session');

    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('Give it a name.').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Delfzijl');
    await page.getByRole('button', { name: 'Add an attribute' }).click();
    await page.keyboard.type('country');
    await page.getByLabel('Value of country').fill('NL');
    await page.getByRole('button', { name: 'Add an attribute' }).click();
    await page.keyboard.type('population');
    await page.getByLabel('Type of population').selectOption('Number');
    await page.getByLabel('Value of population').fill('many');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('This is no number').waitFor();
    await inspect(visitor, 'new-faults');
    await page.reload();
    await page.getByLabel('Value of population').fill('25000');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.waitForURL('**/entity?id=*');
    await page.getByRole('heading', { name: 'Delfzijl' }).waitFor();
    const id = idOf(page.url());
    assert.deepEqual((await site.record(id)).attributes, { country: 'NL', population: 25_000 });
    await inspect(visitor, 'entity-admin');

    await page.getByRole('link', { name: 'Entities' }).first().click();
    await page.getByRole('link', { name: /Delfzijl/ }).waitFor();
    await page.getByRole('link', { name: /Delfzijl/ }).click();
    await page.getByLabel('From the record').click();
    await page.locator('.verdict', { hasText: 'Not cached' }).waitFor();

    await page.keyboard.press('e');
    await page.getByLabel('Name', { exact: true }).fill('Delfzijl aan Zee');
    await inspect(visitor, 'edit');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Delfzijl aan Zee' }).waitFor();
    assert.equal((await site.record(id)).version, 2);
    await page.keyboard.press('b');
    await page.getByRole('link', { name: /Delfzijl aan Zee/ }).click();

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').waitFor();
    await inspect(visitor, 'delete');
    await page.getByRole('button', { name: 'Delete it' }).click();
    await page.locator('.toast', { hasText: 'is deleted' }).waitFor();
    assert.equal(await page.getByRole('link', { name: /Delfzijl/ }).count(), 0);

    await page.locator('.session-menu button').first().click();
    await inspect(visitor, 'session-menu');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/signed-out');
    await page.getByText('You are signed out').waitFor();
    await inspect(visitor, 'signed-out');
    assert.deepEqual(
      (await visitor.context.cookies(site.url)).filter(({ value }) => value !== '').map(({ name }) => name),
      [],
    );
  });

  test('a reader is told what a role lacks', async (t) => {
    const visitor = await site.visit(t);
    await visitor.page.goto('/new');
    await signIn(visitor, 'reader', site.passwords.reader);
    await visitor.page.getByText('This needs the role editor').waitFor();
    await inspect(visitor, 'new-reader');
  });

  test('who was slower decides field by field, and nothing is lost', async (t) => {
    const visitor = await site.visit(t);
    const { page } = visitor;
    const { id } = await site.created('Zwolle', { country: 'NL', river: 'IJssel', mayor: 'A' });
    await page.goto(`/entity?id=${id}`);
    await signIn(visitor, 'editor', site.passwords.editor);
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Value of river').fill('Vecht');
    await page.getByLabel('Value of country').fill('Netherlands');
    await site.changed(id, ({ name, attributes }) => ({
      name: `${name} now`,
      attributes: { ...attributes, river: 'Zwarte Water' },
    }));
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: /Two versions/ }).waitFor();
    await inspect(visitor, 'conflict');
    await page.getByText('1 field is still open.').waitFor();
    await page.getByRole('group', { name: 'river' }).getByText('Yours').click();
    await page.getByRole('button', { name: 'Save this' }).click();
    await page.waitForURL(`**/entity?id=${id}`);
    await page.getByRole('heading', { name: 'Zwolle now' }).waitFor();
    const { name, attributes } = await site.record(id);
    assert.equal(name, 'Zwolle now');
    assert.deepEqual(attributes, { country: 'Netherlands', river: 'Vecht', mayor: 'A' });
  });
}
