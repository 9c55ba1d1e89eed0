import { Link, useLocation } from 'react-router';
import { Icon } from '../../../kit/icon.tsx';
import { addresses } from '../addresses.ts';
import { signInAddress, useRole, useSession } from '../session/session.ts';
import { expectSession } from '../session/session-hint.ts';
import { SearchBox } from './search-box.tsx';
import { SessionMenu } from './session-menu.tsx';

/** The line on top of every page: where one is, search, and who one is. */
export function Header() {
  const editor = useRole('editor');
  return (
    <header className="header">
      <div className="header-inner">
        <Link className="brand" to="/">
          <Icon name="strata" />
          Strata
        </Link>
        <SearchBox />
        <nav aria-label="Account" className="account">
          {editor && (
            <Link className="button new-link" to={addresses.create()}>
              <Icon name="plus" />
              New<span className="unseen"> entity</span>
            </Link>
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
  if (session) return <SessionMenu session={session} />;
  if (state === 'unknown') return <span className="account-skeleton skeleton" aria-hidden="true" />;
  return (
    <a
      className="button primary sign-in"
      href={signInAddress(pathname === '/signed-out' ? '/' : `${pathname}${search}`)}
      onClick={expectSession}
    >
      Sign in
    </a>
  );
}
