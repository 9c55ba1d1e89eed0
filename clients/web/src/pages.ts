import { createPage, type Page } from './shell/page.tsx';

/** The pages by their paths (documents.ts says what each is called). */
export const pages: Readonly<Record<string, Page>> = {
  '/': createPage(() => import('./pages/browse-page.tsx')),
  '/entity': createPage(() => import('./pages/entity-page.tsx')),
  '/entity/edit': createPage(() => import('./pages/edit-page.tsx')),
  '/new': createPage(() => import('./pages/create-page.tsx')),
  '/waiting': createPage(() => import('./pages/waiting-page.tsx')),
  '/account': createPage(() => import('./pages/sessions-page.tsx')),
  '/signed-out': createPage(() => import('./pages/signed-out-page.tsx')),
};

/** What is shown at every other path. */
export const missingPage = createPage(() => import('./pages/missing-page.tsx'));

/** The page at a path. */
export function pageAt(path: string): Page {
  return pages[path.replace(/(?<=.)\/$/, '')] ?? missingPage;
}
