import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Notice } from '../../../kit/notice.tsx';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import { readEntity } from '../api/entities.ts';
import { isStatus } from '../api/failure.ts';
import { ConflictView, GoneMeanwhile } from '../entities/meanwhile.ts';
import type { WaitingChange } from '../outbox/change.ts';
import { decideChange, dropChange, useOutbox } from '../outbox/outbox.ts';
import { NeedsRole } from '../session/needs-role.tsx';
import { FailureNotice } from '../shell/failure-notice.tsx';
import { Loading } from '../shell/loading.tsx';
import { PageLink } from '../shell/page-link.tsx';
import { PageTitle } from '../shell/page-title.tsx';

const verbs = { create: 'Create', replace: 'Change', delete: 'Delete' } as const;

/** The changes that this device still has to send, and those one has to decide about. */
export default function WaitingPage() {
  return (
    <div className="narrow wide">
      <NeedsRole atLeast="reader" title="Waiting changes">
        {({ subject }) => <Changes subject={subject} />}
      </NeedsRole>
    </div>
  );
}

function Changes({ subject }: { readonly subject: string }) {
  const changes = useOutbox(subject);
  const [deciding, setDeciding] = useState<string>();
  const decided = changes.find(({ id, state }) => id === deciding && state === 'conflict');
  if (decided) return <Decision change={decided} onEnd={() => setDeciding(undefined)} />;
  return (
    <div className="narrow">
      <div className="page-head">
        <PageTitle title="Waiting changes" />
        <p className="lead">
          Made while the platform could not be reached. They are sent in this order as soon as it can be, each
          exactly once.
        </p>
      </div>
      {changes.length === 0 ? (
        <Notice
          icon="check"
          title="Nothing is waiting"
          actions={
            <PageLink className="button" to="/">
              Go to the entities
            </PageLink>
          }
        >
          <p>Every change of yours has been sent.</p>
        </Notice>
      ) : (
        <ol className="changes panel">
          {changes.map((change) => (
            <ChangeRow key={change.id} change={change} onDecide={() => setDeciding(change.id)} />
          ))}
        </ol>
      )}
    </div>
  );
}

function ChangeRow({ change, onDecide }: { readonly change: WaitingChange; readonly onDecide: () => void }) {
  const { id, kind, state, reason, input, base, madeAt } = change;
  const name = input?.name ?? base?.name ?? 'an entity';
  return (
    <li className="change-row">
      <div>
        <p className="session-name">
          {verbs[kind]} {name}{' '}
          <span className={`tag ${state === 'waiting' ? '' : 'warn'}`}>
            {state === 'conflict' ? 'changed meanwhile' : state}
          </span>
        </p>
        <p className="hint">
          Made <RelativeTime time={madeAt} />
          {state === 'refused' && reason ? `. ${reason}` : ''}
          {state === 'conflict' ? '. Someone else changed it first: decide what it should be.' : ''}
        </p>
      </div>
      <div className="actions">
        {state === 'conflict' && kind === 'replace' && (
          <button type="button" className="button primary" onClick={onDecide}>
            Decide<span className="unseen"> about {name}</span>
          </button>
        )}
        <button type="button" className="button" onClick={() => void dropChange(id)}>
          Drop<span className="unseen"> the change of {name}</span>
        </button>
      </div>
    </li>
  );
}

function Decision({ change, onEnd }: { readonly change: WaitingChange; readonly onEnd: () => void }) {
  const { id, entityId, base, input } = change;
  const current = useQuery({
    queryKey: ['deciding', entityId],
    queryFn: ({ signal }) => readEntity('secure', entityId, signal),
    staleTime: 0,
    gcTime: 0,
  });
  const drop = async () => {
    await dropChange(id);
    onEnd();
  };
  if (!base || !input) return null;
  return (
    <div className="narrow wide">
      {current.data ? (
        <Suspense fallback={<Loading />}>
          <ConflictView
            base={base}
            mine={input}
            theirs={current.data.body}
            busy={false}
            failure={null}
            onDecided={async (chosen) => {
              await decideChange(change, current.data.body, chosen);
              onEnd();
            }}
            onDrop={drop}
          />
        </Suspense>
      ) : isStatus(current.error, 404) ? (
        <Suspense fallback={<Loading />}>
          <GoneMeanwhile title="Waiting changes" name={input.name} onLeave={() => void drop()} />
        </Suspense>
      ) : current.isError ? (
        <FailureNotice error={current.error} onRetry={() => void current.refetch()} />
      ) : (
        <Loading />
      )}
    </div>
  );
}
