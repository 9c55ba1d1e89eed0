import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResponseHeadersPolicy } from './security-headers.ts';

/** Stands in a Content-Security-Policy for the scripts that the pages have. */
const placeholder = '{scripts}';

/** A script element: its attributes and its text. */
const scriptElement = /<script\b((?:[^>"']|"[^"]*"|'[^']*')*)>([\s\S]*?)<\/script\s*>/gi;
/** Types that are run or that steer what is run; all others are data (https://html.spec.whatwg.org/#attr-script-type). */
const runs = /^(?:|module|importmap|speculationrules|(?:text|application)\/(?:java|ecma)script)$/i;

/**
 * The sources of a script-src that let the pages' own scripts run and nothing else: the hash of every inline script, or
 * of its integrity where it is a file, and what those load (CSP Level 3, section 8.2). Empty when a script is neither:
 * then no hash would let it run, and another source has to.
 * @param pages HTML documents
 */
export function scriptSources(pages: readonly string[]): string {
  const hashes = new Set<string>();
  for (const page of pages) {
    for (const [, attributes = '', text = ''] of page.matchAll(scriptElement)) {
      if (!runs.test(attribute(attributes, 'type') ?? '')) continue;
      const found = attribute(attributes, 'src') === undefined ? [hashOf(text)] : integrityOf(attributes);
      if (found.length === 0) return '';
      for (const hash of found) hashes.add(`'${hash}'`);
    }
  }
  return hashes.size === 0 ? '' : ["'strict-dynamic'", ...[...hashes].sort()].join(' ');
}

/**
 * The policies with the scripts of the origins' folders put in where one asks for them with `{scripts}`.
 * @param folders absolute paths; one that is not there has no pages
 */
export function withPageScripts<Policy extends Pick<ResponseHeadersPolicy, 'security'>>(
  policies: Readonly<Record<string, Policy>>,
  folders: readonly string[],
): Record<string, Policy> {
  const texts = Object.values(policies).map(({ security }) => security.contentSecurityPolicy ?? '');
  const asked = texts.some((text) => text.includes(placeholder));
  const sources = asked ? scriptSources(folders.flatMap(pagesIn)) : '';
  return Object.fromEntries(
    Object.entries(policies).map(([name, policy]) => {
      const { contentSecurityPolicy: text } = policy.security;
      if (!text?.includes(placeholder)) return [name, policy];
      const contentSecurityPolicy = text.replaceAll(placeholder, sources).replace(/ {2,}/g, ' ');
      return [name, { ...policy, security: { ...policy.security, contentSecurityPolicy } }];
    }),
  );
}

function pagesIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith('.html'))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function integrityOf(attributes: string): string[] {
  return (attribute(attributes, 'integrity') ?? '')
    .split(/\s+/)
    .filter((hash) => /^sha(?:256|384|512)-/.test(hash));
}

function attribute(attributes: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(
    attributes,
  );
  return found?.[1] ?? found?.[2] ?? found?.[3];
}
