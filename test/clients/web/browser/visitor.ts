import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';

/** Someone at a browser of their own: cookies, storage and service worker are nobody else's. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained about since it was last asked, the network's failures left out. */
  complaints(): readonly string[];
}

/** Where pictures of every state go; none are taken when it is not set. */
const pictures = process.env.STRATA_PICTURES;

const desktop = { width: 1280, height: 860 };

/** Starts the system's Chromium. In a container that runs as root it has no sandbox of its own. */
export function launchBrowser(): Promise<Browser> {
  const root = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: process.env.STRATA_CHROMIUM ?? '/usr/bin/chromium',
    args: root ? ['--no-sandbox'] : [],
  });
}

/** What a visitor's browser has of its own. */
export type VisitorOptions = Pick<BrowserContextOptions, 'serviceWorkers' | 'viewport' | 'forcedColors'>;

/** Makes a visitor on a desktop in the light. */
export async function createVisitor(
  browser: Browser,
  baseURL: string,
  options: VisitorOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({ baseURL, viewport: desktop, ...options });
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
  try {
    await page.locator('.session-menu').waitFor();
  } catch (error) {
    const shown = await page.locator('body').textContent();
    throw new Error(`${name} is not signed in at ${page.url()}: ${shown?.slice(0, 500)}`, { cause: error });
  }
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
      await fits(page, state);
    }
  }
  // 1280 px at 400 %: nothing needs scrolling in two directions (WCAG 2.2, 1.4.10).
  await page.setViewportSize({ width: 320, height: 256 });
  await fits(page, state);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(desktop);
  assert.deepEqual(complaints(), [], state);
}

/** No more is shown than there is width for. */
async function fits(page: Page, state: string): Promise<void> {
  const [content, width] = await page.evaluate<[number, number]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  );
  assert.ok(content <= width, `${state} is ${content} px wide on a page of ${width} px`);
}
