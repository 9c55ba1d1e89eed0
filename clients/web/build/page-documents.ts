import type { Plugin, Rolldown } from 'vite';
import { documents, missing, type PageDocument, titleOf } from '../src/documents.ts';
import { prerender } from '../src/prerender.tsx';

/**
 * Makes of the one built document one for each page: with its own title and description, and with what the page shows
 * before its data is there, so that it is drawn before any script runs.
 */
export function pageDocuments(): Plugin {
  return {
    name: 'page-documents',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const built = bundle['index.html'];
        if (built?.type !== 'asset') throw new Error('the built page is missing');
        const template = String(built.source);
        for (const page of [...documents, missing]) {
          const fileName = page === missing ? '404.html' : `${page.path}/index.html`.replace(/^\/+/, '');
          const source = documentOf(loaded(template, modulesOf(bundle, page)), page);
          if (fileName === 'index.html') built.source = source;
          else this.emitFile({ type: 'asset', fileName, source });
        }
      },
    },
  };
}

function documentOf(template: string, page: PageDocument): string {
  const replaced = (text: string, from: string, to: string) => {
    if (!text.includes(from)) throw new Error(`index.html holds no ${from}`);
    return text.replace(from, () => to);
  };
  const titled = replaced(template, '<title>Strata</title>', `<title>${titleOf(page.title)}</title>`);
  const described = replaced(
    titled,
    'name="description" content=""',
    `name="description" content="${page.description}"`,
  );
  return replaced(described, '<div id="root"></div>', `<div id="root">${prerender(page.path)}</div>`);
}

/**
 * What the pages' one script says, in every build the same: a policy allows it by its hash, and what it loads with it
 * ('strict-dynamic'). That holds for elements a script has made, and neither for those that stand in the document nor
 * for import() in a script that does (https://www.w3.org/TR/CSP3/#strict-dynamic-usage). All is fetched at once, and
 * the entry, first of the list, runs when the document is whole.
 */
const loader = `{
  const addresses = document.currentScript.dataset.modules.split(' ').map((name) => '/assets/' + name);
  const element = (name, properties) => document.head.append(Object.assign(document.createElement(name), properties));
  for (const href of addresses) element('link', { rel: 'modulepreload', href });
  const rules = { createScriptURL: (address) => address };
  const policy = globalThis.trustedTypes?.createPolicy('entry', rules) ?? rules;
  addEventListener('DOMContentLoaded', () =>
    element('script', { type: 'module', src: policy.createScriptURL(addresses[0]) }));
}`.replaceAll(/\n */g, ' ');

/** Has that script load the entry, what it needs and the page's own chunk. */
function loaded(template: string, modules: readonly string[]): string {
  const entry = /<script type="module" crossorigin src="\/assets\/[\w.-]+"><\/script>/;
  if (!entry.test(template)) throw new Error('index.html loads no entry');
  const names = modules.map((file) => file.replace('assets/', '')).join(' ');
  return template.replace(entry, () => `<script data-modules="${names}">${loader}</script>`);
}

/** The files of the chunks that a page imports before it is shown, the entry first. */
function modulesOf(bundle: Rolldown.OutputBundle, page: PageDocument): string[] {
  const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
  const own = `/src/pages/${page.module}.tsx`;
  const begun = chunks.filter(({ isEntry, facadeModuleId }) => isEntry || facadeModuleId?.endsWith(own));
  if (begun.length !== (page.module ? 2 : 1)) throw new Error(`${page.path} has no chunk of its own`);
  const found = new Set(begun.sort((one, other) => Number(other.isEntry) - Number(one.isEntry)));
  for (const { imports } of found) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) found.add(chunk);
  }
  return [...found].map(({ fileName }) => fileName);
}
