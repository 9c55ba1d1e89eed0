import { type ReactNode, useEffect, useRef } from 'react';
import { Notice } from '../../../kit/notice.tsx';
import { CallFailure } from '../api/failure.ts';
import { FailureNotice } from '../shell/failure-notice.tsx';
import { beginAtTop } from '../shell/heading-focus.ts';
import { Loading } from '../shell/loading.tsx';
import { PageLink } from '../shell/page-link.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { type Role, roleIncludes } from './roles.ts';
import { type Session, useSession } from './session.ts';

/** Shows what takes a role to those who have it, and to others, under the page's title, what they lack. */
export function NeedsRole({
  atLeast,
  title,
  children,
}: {
  readonly atLeast: Role;
  readonly title: string;
  readonly children: (session: Session) => ReactNode;
}) {
  const { state, session } = useSession();
  const before = useRef(session);
  useEffect(() => {
    // It has ended meanwhile: what says so stands in the place of what was there.
    if (before.current && !session) beginAtTop();
    before.current = session;
  }, [session]);
  if (session && roleIncludes(session.role, atLeast)) return children(session);
  if (state === 'unknown') return <Loading />;
  return (
    <>
      <PageTitle title={title} />
      {session ? (
        <Notice
          icon="person"
          tone="warn"
          title={`This needs the role ${atLeast}`}
          actions={
            <PageLink className="button" to="/">
              Back to the entities
            </PageLink>
          }
        >
          <p>
            You are signed in as {session.name}, with the role {session.role}. Ask whoever runs this platform
            for the role {atLeast}, or sign in as someone else.
          </p>
        </Notice>
      ) : (
        <FailureNotice error={new CallFailure('signed-out', '')} />
      )}
    </>
  );
}
