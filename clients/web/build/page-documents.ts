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
        const template = String(built.source);
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
