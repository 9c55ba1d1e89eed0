import { Suspense } from 'react';
import { Outlet } from 'react-router';
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
  return (
    <>
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <Header />
      <Connectivity />
      <main id="page" tabIndex={-1}>
        <PageBoundary key={path}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </PageBoundary>
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
