import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, useState } from 'react';
import { Route, Routes } from 'react-router';
import { createQueryClient } from './query-client.ts';
import { BrowserRouter } from './shell/browser-router.tsx';
import { Shell } from './shell/shell.tsx';

const BrowsePage = lazy(() => import('./pages/browse-page.tsx'));
const EntityPage = lazy(() => import('./pages/entity-page.tsx'));
const EditPage = lazy(() => import('./pages/edit-page.tsx'));
const CreatePage = lazy(() => import('./pages/create-page.tsx'));
const WaitingPage = lazy(() => import('./pages/waiting-page.tsx'));
const SessionsPage = lazy(() => import('./pages/sessions-page.tsx'));
const SignedOutPage = lazy(() => import('./pages/signed-out-page.tsx'));
const MissingPage = lazy(() => import('./pages/missing-page.tsx'));

/** The client: one shell, a page for each address, each page's code fetched when it is needed. */
export function Application() {
  const [queryClient] = useState(createQueryClient);
  return (
    <QueryClientProvider client={queryClient}>
      <BrowserRouter>
        <Routes>
          <Route element={<Shell />}>
            <Route index element={<BrowsePage />} />
            <Route path="entity" element={<EntityPage />} />
            <Route path="entity/edit" element={<EditPage />} />
            <Route path="new" element={<CreatePage />} />
            <Route path="waiting" element={<WaitingPage />} />
            <Route path="account" element={<SessionsPage />} />
            <Route path="signed-out" element={<SignedOutPage />} />
            <Route path="*" element={<MissingPage />} />
          </Route>
        </Routes>
      </BrowserRouter>
    </QueryClientProvider>
  );
}
