import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { eventually } from '../../../eventually.ts';
import { call } from '../../../system/client.ts';
import { createProject, type Project } from '../../../system/project.ts';
import { createVisitor, inspect, launchBrowser, signIn, type Visitor } from './visitor.ts';

interface Entity {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly attributes: Record<string, unknown>;
}

describe('the web client', () => {
  let project: Project;
  let browser: Browser;
  let site: string;
  let gateway: string;
  let passwords: Record<'reader' | 'editor' | 'admin', string>;
  let editorToken: string;
  const cleanups: (() => Promise<void>)[] = [];

  before(async () => {
    project = await createProject({ after: (cleanup) => cleanups.push(cleanup) });
    const [up, started] = await Promise.all([
      project.strata('up', '--detach', '--port-base', String(project.portBase)),
      launchBrowser(),
    ]);
    assert.equal(up.code, 0, up.stdout + up.stderr);
    browser = started;
    site = `http://app.localhost:${project.portBase}`;
    gateway = (await project.status()).urls.gateway;
    passwords = JSON.parse((await project.strata('users', '--json')).stdout);
    editorToken = await project.token('editor');
  });
  after(async () => {
    await browser?.close();
    for (const cleanup of cleanups) await cleanup();
  });

  /** Changes an entity behind everyone's back. */
  const changed = async (id: string, change: (entity: Entity) => unknown): Promise<void> => {
    const url = `${gateway}/api/v1/secure/${id}`;
    const body = change((await call('GET', url, { token: editorToken })).json<Entity>());
    const answer = await call('PUT', url, { token: editorToken, body });
    assert.equal(answer.status, 200, answer.body);
  };
  const created = async (name: string, attributes: Record<string, unknown> = {}): Promise<Entity> => {
    const answer = await call('POST', `${gateway}/api/v1/secure`, {
      token: editorToken,
      body: { name, attributes },
    });
    assert.equal(answer.status, 201, answer.body);
    return answer.json<Entity>();
  };
  const record = async (id: string) =>
    (await call('GET', `${gateway}/api/v1/secure/${id}`, { token: editorToken })).json<Entity>();
  const visit = async (t: { after(fn: () => Promise<void>): void }): Promise<Visitor> => {
    const visitor = await createVisitor(browser, site);
    t.after(() => visitor.context.close());
    return visitor;
  };
  /** Puts another version of the list's page at the origin, as a deployment does. */
  const publish = async (addition: string): Promise<void> => {
    const folder = join(project.folder, 'clients/web/dist');
    const page = join(folder, 'index.html');
    const worker = join(folder, 'service-worker.js');
    await writeFile(page, (await readFile(page, 'utf8')).replace('</head>', `${addition}</head>`));
    const revised = (await readFile(worker, 'utf8')).replace(/(url:`\/`,revision:`)\w+/, '$1another');
    assert.match(revised, /revision:`another`/);
    await writeFile(worker, revised);
    const { code, stderr } = await project.strata('edge', 'invalidate', '/*');
    assert.equal(code, 0, stderr);
  };
  const idOf = (url: string) => new URL(url).searchParams.get('id') ?? '';

  test('anyone browses, sees where the answer came from, searches and opens', async (t) => {
    const visitor = await visit(t);
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
    await page.getByText('None has this name').waitFor();
    await inspect(visitor, 'search-empty');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await inspect(visitor, 'keys');
    await page.keyboard.press('Escape');
  });

  test('who goes through very many is told to search', async (t) => {
    const visitor = await visit(t);
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

  test('the browser takes it for an application one can install', async (t) => {
    const { page, context } = await visit(t);
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
    const visitor = await visit(t);
    const { page } = visitor;
    await page.goto('/');
    await page.evaluate('navigator.serviceWorker.ready');
    const newer = page.locator('meta[name=edition]');
    await publish('<meta name="edition" content="newer">');
    await page.reload();
    await page.getByText('A newer version is ready').waitFor();
    assert.equal(await newer.count(), 0, 'it is not there unasked');
    await inspect(visitor, 'update');
    await page.getByRole('button', { name: 'Reload' }).click();
    await newer.waitFor({ state: 'attached' });
    await page.locator('a.row').first().waitFor();
    assert.equal(await page.getByText('A newer version is ready').count(), 0);
  });

  test('an address that leads nowhere is 404, and says where to go on', async (t) => {
    const visitor = await visit(t);
    const answer = await visitor.page.goto('/nothing-here');
    assert.equal(answer?.status(), 404);
    await visitor.page.getByRole('link', { name: 'Go to the entities' }).waitFor();
    await inspect(visitor, 'missing');
    await visitor.page.goto('/entity?id=00000000-0000-4000-8000-000000000000');
    await visitor.page.getByText('There is no such entity').waitFor();
    await inspect(visitor, 'entity-missing');
  });

  test('an administrator signs in, creates, edits and deletes, and ends up signed out', async (t) => {
    const visitor = await visit(t);
    const { page } = visitor;
    await page.goto('/new');
    await page.getByText('Sign in to go on').waitFor();
    await inspect(visitor, 'new-signed-out');
    await signIn(visitor, 'admin', passwords.admin);
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
    assert.deepEqual((await record(id)).attributes, { country: 'NL', population: 25_000 });
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
    assert.equal((await record(id)).version, 2);
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
      (await visitor.context.cookies(site)).filter(({ value }) => value !== '').map(({ name }) => name),
      [],
    );
  });

  test('a reader is told what a role lacks', async (t) => {
    const visitor = await visit(t);
    await visitor.page.goto('/new');
    await signIn(visitor, 'reader', passwords.reader);
    await visitor.page.getByText('This takes the role editor').waitFor();
    await inspect(visitor, 'new-reader');
  });

  test('who was slower decides field by field, and nothing is lost', async (t) => {
    const visitor = await visit(t);
    const { page } = visitor;
    const { id } = await created('Zwolle', { country: 'NL', river: 'IJssel', mayor: 'A' });
    await page.goto(`/entity?id=${id}`);
    await signIn(visitor, 'editor', passwords.editor);
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Value of river').fill('Vecht');
    await page.getByLabel('Value of country').fill('Netherlands');
    await changed(id, ({ name, attributes }) => ({
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
    const { name, attributes } = await record(id);
    assert.equal(name, 'Zwolle now');
    assert.deepEqual(attributes, { country: 'Netherlands', river: 'Vecht', mayor: 'A' });
  });

  test('without a network, what was seen is read, and edits wait, are sent, or are decided about', async (t) => {
    const visitor = await visit(t);
    const { page, context } = visitor;
    const first = await created('Assen', { country: 'NL' });
    const second = await created('Emmen', { country: 'NL' });
    await page.goto('/');
    await signIn(visitor, 'editor', passwords.editor);
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

    await changed(second.id, ({ name }) => ({ name, attributes: { country: 'Nederland' } }));
    await context.setOffline(false);
    await page.getByText('changed meanwhile').waitFor();
    await eventually(async () => {
      assert.equal(await page.locator('.change-row').count(), 1);
    });
    assert.deepEqual((await record(first.id)).attributes, { country: 'Drenthe' });
    const named = await call('GET', `${gateway}/api/v1/data?limit=100&name=Hoogeveen`);
    assert.equal(named.status, 200);
    await inspect(visitor, 'waiting-conflict');
    await page.getByRole('button', { name: 'Decide' }).click();
    await page.getByRole('button', { name: 'Save this' }).waitFor();
    await page.getByText('Yours', { exact: true }).click();
    await page.getByRole('button', { name: 'Save this' }).click();
    await page.getByText('Nothing waits').waitFor();
    await inspect(visitor, 'waiting-empty');
    assert.deepEqual((await record(second.id)).attributes, { country: 'Drente' });
    await page.goto('/');
    await page.getByRole('link', { name: /Hoogeveen/ }).waitFor();
    assert.equal(await page.getByRole('link', { name: /Hoogeveen/ }).count(), 1);
  });

  test('an expired session renews itself, an ended one asks to sign in and keeps what was typed', async (t) => {
    const visitor = await visit(t);
    const { page, context } = visitor;
    const { id } = await created('Meppel', { country: 'NL' });
    await page.goto(`/entity/edit?id=${id}`);
    await signIn(visitor, 'editor', passwords.editor);
    await page.getByLabel('Value of country').fill('once');
    await context.clearCookies({ name: '__Host-session' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(`**/entity?id=${id}`);
    assert.deepEqual((await record(id)).attributes, { country: 'once' });

    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Value of country').fill('twice');
    await context.clearCookies();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Sign in to go on').waitFor();
    await inspect(visitor, 'session-ended');
    await signIn(visitor, 'editor', passwords.editor);
    assert.equal(await page.getByLabel('Value of country').inputValue(), 'twice');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(`**/entity?id=${id}`);
    assert.deepEqual((await record(id)).attributes, { country: 'twice' });
  });

  test('sessions are listed, and one is ended from another', async (t) => {
    const [here, there] = [await visit(t), await visit(t)];
    await there.page.goto('/account');
    await there.page.getByText('Sign in to go on').waitFor();
    await signIn(there, 'reader', passwords.reader);
    await here.page.goto('/account');
    await signIn(here, 'reader', passwords.reader);
    await here.page.locator('.session-row').nth(1).waitFor();
    await inspect(here, 'sessions');
    const own = here.page.locator('.session-row', { hasText: 'this one' });
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
    const visitor = await visit(t);
    const { page } = visitor;
    await page.goto('/');
    await signIn(visitor, 'editor', passwords.editor);
    await page.evaluate('navigator.serviceWorker.ready');
    const { id } = await created('Coevorden', { country: 'NL' });
    await project.strata('down');
    await page.goto(`/entity?id=${id}`);
    await page.getByText('The platform cannot be reached').waitFor();
    await inspect(visitor, 'unreachable');
    await page.getByRole('link', { name: 'Entities' }).first().click();
    await page.locator('.verdict', { hasText: 'Kept on this device' }).waitFor();
    await page.goBack();
    const up = await project.strata('up', '--detach', '--port-base', String(project.portBase));
    assert.equal(up.code, 0, up.stderr);
    await page.getByRole('heading', { name: 'Coevorden' }).waitFor();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Value of country').fill('Drenthe');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(`**/entity?id=${id}`);
    assert.deepEqual((await record(id)).attributes, { country: 'Drenthe' });
  });
});
