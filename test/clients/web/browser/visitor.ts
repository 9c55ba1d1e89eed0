import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Someone at a browser of their own: cookies, storage and service worker are nobody else's. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained about since it was last asked, the network's failures left out. */
  complaints(): readonly string[];
}

/** Where pictures of every state go; none are taken when it is not set. */
const pictures = process.env.STRATA_PICTURES;

/** Starts the system's Chromium. In a container that runs as root it has no sandbox of its own. */
export function launchBrowser(): Promise<Browser> {
  const root = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: process.env.STRATA_CHROMIUM ?? '/usr/bin/chromium',
    args: root ? ['--no-sandbox'] : [],
  });
}

/** Makes a visitor on a desktop in the light. */
export async function createVisitor(browser: Browser, baseURL: string): Promise<Visitor> {
  const context = await browser.newContext({ baseURL, viewport: { width: 1280, height: 860 } });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const heard: string[] = [];
  page.on('pageerror', (error) => heard.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|ERR_INTERNET|net::/.test(message.text()))
      heard.push(message.text());
  });
  return { context, page, complaints: () => heard.splice(0) };
}

/** Signs in by the pages: from wherever one is, through the user pool, and back to there. */
export async function signIn({ page }: Visitor, name: string, password: string): Promise<void> {
  await page.locator('a', { hasText: 'Sign in' }).first().click();
  await page.locator('input[name=username]').fill(name);
  await page.locator('input[type=password]').fill(password);
  await page.locator('main button').click();
  await page.locator('.session-menu').waitFor();
}

/**
 * Holds what a page shows against axe's rules, narrow and wide, light and dark, and keeps pictures of it where they
 * are asked for.
 */
export async function inspect({ page, complaints }: Visitor, state: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      if (!pictures && (width === 390) !== (colorScheme === 'dark')) continue;
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: width === 390 ? 844 : 860 });
      if (pictures) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: join(pictures, `${state}-${width}-${colorScheme}.png`) });
      }
      // Colours are the same at every width: two of the four show every colour and every width.
      if ((width === 390) !== (colorScheme === 'dark')) continue;
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      assert.deepEqual(found, [], `${state}, ${width} px, ${colorScheme}`);
      const overflow = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      assert.ok(overflow <= 0, `${state} is no wider than ${width} px`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 1280, height: 860 });
  assert.deepEqual(complaints(), [], state);
}
