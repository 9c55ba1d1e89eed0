import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Icon } from '../../../kit/icon.tsx';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import { CallFailure, wordsOf } from '../api/failure.ts';
import { send } from '../api/send.ts';
import { deviceOf } from '../session/device.ts';
import { useSession } from '../session/session.ts';
import { FailureNotice } from '../shell/failure-notice.tsx';
import { SignOutButton } from '../shell/for-signed-in.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { say } from '../shell/toasts.tsx';

interface ListedSession {
  readonly id: string;
  readonly current: boolean;
  readonly createdAt: string | number;
  readonly lastUsedAt: string | number;
  readonly userAgent: string;
}

/** Where one is signed in; any of it can be ended. */
export default function SessionsPage() {
  const { state, session } = useSession();
  const list = useQuery({
    queryKey: ['sessions'],
    queryFn: async ({ signal }) =>
      (await send<{ sessions: readonly ListedSession[] }>({ method: 'GET', path: '/session/list', signal }))
        .body.sessions,
    enabled: state === 'signed-in',
    staleTime: 0,
  });
  return (
    <div className="narrow">
      <div className="page-head">
        <PageTitle title="Your sessions" />
        <p className="lead">Every browser you are signed in with. End any that you do not recognise.</p>
      </div>
      {state === 'signed-out' ? (
        <FailureNotice error={new CallFailure('signed-out', '')} />
      ) : list.data ? (
        <ul className="sessions panel">
          {list.data.toSorted(currentFirst).map((entry) => (
            <SessionRow key={entry.id} entry={entry} onEnded={() => void list.refetch()} />
          ))}
        </ul>
      ) : list.isError ? (
        <FailureNotice error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <div className="sessions panel" aria-busy="true">
          <div className="session-row">
            <span className="skeleton short" />
            <span className="skeleton" />
          </div>
        </div>
      )}
      {session && (
        <div className="actions">
          <Suspense>
            <SignOutButton className="button danger" subject={session.subject} everywhere />
          </Suspense>
        </div>
      )}
    </div>
  );
}

function currentFirst(one: ListedSession, other: ListedSession): number {
  return Number(other.current) - Number(one.current);
}

function SessionRow({ entry, onEnded }: { readonly entry: ListedSession; readonly onEnded: () => void }) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const device = deviceOf(entry.userAgent);
  const end = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await send({ method: 'DELETE', path: `/session/${encodeURIComponent(entry.id)}` });
      say('The session has ended.');
      onEnded();
    } catch (error) {
      setFault(wordsOf(error).title);
      setBusy(false);
    }
  };
  return (
    <li className="session-row">
      <Icon name="device" />
      <div>
        <p className="session-name">
          {device} {entry.current && <span className="tag good">this browser</span>}
        </p>
        <p className="hint">
          Signed in <RelativeTime time={entry.createdAt} />, last used{' '}
          <RelativeTime time={entry.lastUsedAt} />
        </p>
        {fault && (
          <p className="fault" role="alert">
            {fault}
          </p>
        )}
      </div>
      {!entry.current && (
        <button type="button" className="button" onClick={end} aria-disabled={busy}>
          End<span className="unseen"> the session on {device}</span>
        </button>
      )}
    </li>
  );
}
