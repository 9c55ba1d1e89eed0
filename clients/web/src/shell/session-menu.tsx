import { useId } from 'react';
import { Icon } from '../../../kit/icon.tsx';
import { addresses } from '../addresses.ts';
import type { Session } from '../session/session.ts';
import { SignOutButton } from '../session/sign-out.tsx';
import { PageLink } from './page-link.tsx';

/** Who is signed in, and what one can do about it. */
export function SessionMenu({ session }: { readonly session: Session }) {
  const id = useId();
  return (
    <div className="session-menu">
      <button type="button" className="button" popoverTarget={id}>
        <Icon name="person" />
        <span className="who">{session.name}</span>
      </button>
      <div id={id} popover="auto" className="menu panel">
        <p className="menu-head">
          <b>{session.name}</b>
          <span className="tag">{session.role}</span>
        </p>
        <PageLink
          className="menu-item"
          to={addresses.sessions}
          onClick={() => document.getElementById(id)?.hidePopover()}
        >
          <Icon name="device" />
          Your sessions
        </PageLink>
        <SignOutButton className="menu-item" subject={session.subject} />
      </div>
    </div>
  );
}
