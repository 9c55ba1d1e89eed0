import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect } from 'react';
import { Outlet } from 'react-router';
import { onDeparture } from '../session/departure.ts';
import { useSession } from '../session/session.ts';
import { Connectivity } from './connectivity.tsx';
import { OutboxSender } from './for-signed-in.ts';
import { Header } from './header.tsx';
import { Keys } from './keys.tsx';
import { Loading } from './loading.tsx';
import { useNavigationFocus } from './navigation-focus.ts';
import { PageBoundary } from './page-boundary.tsx';
import { Toasts } from './toasts.tsx';
import { UpdatePrompt } from './update-prompt.tsx';

/** What stands around every page. */
export function Shell() {
  const path = useNavigationFocus();
  const { session } = useSession();
  const queryClient = useQueryClient();
  useEffect(() => onDeparture(() => queryClient.clear()), [queryClient]);
  return (
    <>
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <Header />
      <Connectivity />
      <main id="page" tabIndex={-1}>
        {/* Around what changes with the path: a page stays until the next one's code is there. */}
        <Suspense fallback={<Loading />}>
          <PageBoundary key={path}>
            <Outlet />
          </PageBoundary>
        </Suspense>
      </main>
      <footer>
        <p>
          Every answer came through an edge, a gateway, a mesh and its stores.{' '}
          <a href="/api/v1/openapi.json">Description of the API</a>
        </p>
        <Keys />
      </footer>
      <UpdatePrompt />
      <Toasts />
      {session && (
        <Suspense>
          <OutboxSender subject={session.subject} />
        </Suspense>
      )}
    </>
  );
}
