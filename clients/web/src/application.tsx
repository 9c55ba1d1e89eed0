import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { Route, Routes } from 'react-router';
import { missingPage, pages } from './pages.ts';
import { createQueryClient } from './query-client.ts';
import { BrowserRouter } from './shell/browser-router.tsx';
import { Shown } from './shell/page.tsx';
import { Shell } from './shell/shell.tsx';

/** The client: one shell, a page for each address, each page's code fetched when it is needed. */
export function Application() {
  const [queryClient] = useState(createQueryClient);
  return (
    <QueryClientProvider client={queryClient}>
      <BrowserRouter>
        <Routes>
          <Route element={<Shell />}>
            {Object.entries(pages).map(([path, page]) => (
              <Route key={path} path={path} element={<Shown key={path} page={page} />} />
            ))}
            <Route path="*" element={<Shown page={missingPage} />} />
          </Route>
        </Routes>
      </BrowserRouter>
    </QueryClientProvider>
  );
}
