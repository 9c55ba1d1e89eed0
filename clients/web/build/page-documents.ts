import type { Plugin } from 'vite';
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
        const template = loaded(String(built.source));
        for (const page of [...documents, missing]) {
          const fileName = page === missing ? '404.html' : `${page.path}/index.html`.replace(/^\/+/, '');
          const source = documentOf(template, page);
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

/** What the pages' one script says, in every build the same: a policy allows it by its hash. */
const loader = "import('/assets/' + document.querySelector('script[data-entry]').dataset.entry)";

/**
 * Has the entry loaded by an inline script. Where scripts are allowed by hash, what a trusted script imports is trusted
 * with it ('strict-dynamic'), and what stands in the document itself is not. It is fetched ahead all the same.
 */
function loaded(template: string): string {
  const entry = /<script type="module" crossorigin src="\/assets\/([\w.-]+)"><\/script>/;
  if (!entry.test(template)) throw new Error('index.html loads no entry');
  return template.replace(
    entry,
    (_, name: string) =>
      `<link rel="modulepreload" crossorigin href="/assets/${name}">\n  <script type="module" data-entry="${name}">${loader}</script>`,
  );
}
