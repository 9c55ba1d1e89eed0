import { QueryClientProvider } from '@tanstack/react-query';
import { renderToStaticMarkup } from 'react-dom/server';
import { Route, Routes, StaticRouter } from 'react-router';
import BrowsePage from './pages/browse-page.tsx';
import EntityPage from './pages/entity-page.tsx';
import MissingPage from './pages/missing-page.tsx';
import { createQueryClient } from './query-client.ts';
import { Loading } from './shell/loading.tsx';
import { Shell } from './shell/shell.tsx';

/** What a page shows before its data is there, as HTML: those most are sent to whole, others their shell. */
export function prerender(path: string): string {
  const queryClient = createQueryClient();
  const html = renderToStaticMarkup(
    <QueryClientProvider client={queryClient}>
      <StaticRouter location={`${path}?id=any`}>
        <Routes>
          <Route element={<Shell />}>
            <Route index element={<BrowsePage />} />
            <Route path="entity" element={<EntityPage />} />
            <Route path="404" element={<MissingPage />} />
            <Route path="*" element={<Loading />} />
          </Route>
        </Routes>
      </StaticRouter>
    </QueryClientProvider>,
  );
  // Else its timers keep the build from ending.
  queryClient.clear();
  return html;
}
