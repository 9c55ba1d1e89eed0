import { Suspense } from 'react';
import { useLocation } from 'react-router';
import { Icon } from '../../../kit/icon.tsx';
import { addresses } from '../addresses.ts';
import { signInAddress, useRole, useSession } from '../session/session.ts';
import { SessionMenu } from './for-signed-in.ts';
import { PageLink } from './page-link.tsx';
import { SearchBox } from './search-box.tsx';

/** The line on top of every page: where one is, search, and who one is. */
export function Header() {
  const editor = useRole('editor');
  return (
    <header className="header">
      <div className="header-inner">
        <PageLink className="brand" to="/">
          <Icon name="strata" />
          Strata
        </PageLink>
        <SearchBox />
        <nav aria-label="Account" className="account">
          {editor && (
            <PageLink className="button new-link" to={addresses.create()}>
              <Icon name="plus" />
              <span>
                New<span className="unseen"> entity</span>
              </span>
            </PageLink>
          )}
          <Account />
        </nav>
      </div>
    </header>
  );
}

function Account() {
  const { state, session } = useSession();
  const { pathname, search } = useLocation();
  const skeleton = <span className="account-skeleton skeleton" aria-hidden="true" />;
  if (session) {
    return (
      <Suspense fallback={skeleton}>
        <SessionMenu session={session} />
      </Suspense>
    );
  }
  if (state === 'unknown') return skeleton;
  return (
    <a
      className="button primary sign-in"
      href={signInAddress(pathname === '/signed-out' ? '/' : `${pathname}${search}`)}
    >
      Sign in
    </a>
  );
}
