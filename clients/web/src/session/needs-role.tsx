import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Notice } from '../../../kit/notice.tsx';
import { CallFailure } from '../api/failure.ts';
import { FailureNotice } from '../shell/failure-notice.tsx';
import { Loading } from '../shell/loading.tsx';
import { type Role, roleIncludes } from './roles.ts';
import { useSession } from './session.ts';

/** Shows what takes a role to those who have it, and to others what they lack. */
export function NeedsRole({ atLeast, children }: { readonly atLeast: Role; readonly children: ReactNode }) {
  const { state, session } = useSession();
  if (state === 'unknown') return <Loading />;
  if (!session) return <FailureNotice error={new CallFailure('signed-out', '')} onRetry={() => undefined} />;
  if (roleIncludes(session.role, atLeast)) return children;
  return (
    <Notice
      icon="person"
      tone="warn"
      title={`This takes the role ${atLeast}`}
      actions={
        <Link className="button" to="/">
          Back to the entities
        </Link>
      }
    >
      <p>
        You are signed in as {session.name}, a {session.role}. Ask whoever runs the platform, or sign in as
        someone else.
      </p>
    </Notice>
  );
}
