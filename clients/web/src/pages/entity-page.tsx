import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { Icon } from '../../../kit/icon.tsx';
import { Notice } from '../../../kit/notice.tsx';
import { addresses } from '../addresses.ts';
import { type ReadSource, readEntity } from '../api/entities.ts';
import { EntityView } from '../entities/entity-view.tsx';
import { latest } from '../entities/own-writes.ts';
import { useOwnWrite } from '../entities/own-writes-store.ts';
import { ExplanationPanel } from '../explain/explanation-panel.tsx';
import { useSession } from '../session/session.ts';
import { FailureNotice } from '../shell/failure-notice.tsx';
import { PageLink } from '../shell/page-link.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { useQueryParameters } from '../shell/query-parameters.ts';
import { useStandingError } from '../shell/standing-error.ts';
import MissingPage from './missing-page.tsx';

/** One entity, read through the caches or past them, and how the answer came about. */
export default function EntityPage() {
  const parameters = useQueryParameters();
  const navigate = useNavigate();
  const id = parameters.get('id') ?? '';
  const { session } = useSession();
  const source: ReadSource = parameters.get('read') === 'record' && session ? 'secure' : 'data';
  const answer = useQuery({
    queryKey: ['entity', id, source],
    queryFn: ({ signal }) => readEntity(source, id, signal),
    enabled: id !== '',
  });
  const failure = useStandingError(`${source} ${id}`, answer);
  const write = useOwnWrite(id);
  if (id === '') return <MissingPage />;
  const entity = answer.data ? latest(answer.data.body, write) : undefined;
  const deleted = write?.kind === 'deleted';
  const ahead =
    answer.data !== undefined && entity !== undefined && entity.version > answer.data.body.version;
  const choose = (next: ReadSource) => navigate(addresses.entity(id, next), { replace: true });
  return (
    <div className="columns">
      <div className="column">
        <PageLink className="back" to="/">
          <Icon name="back" />
          Entities
        </PageLink>
        {deleted ? (
          <Deleted />
        ) : entity ? (
          <EntityView entity={entity} ahead={ahead} />
        ) : failure !== undefined ? (
          <>
            <PageTitle title="Entity" />
            <FailureNotice error={failure} onRetry={() => void answer.refetch()} />
          </>
        ) : (
          <EntitySkeleton />
        )}
      </div>
      <div className="side">
        {session && !deleted && <SourceChoice source={source} onChoose={choose} />}
        <ExplanationPanel
          explanation={answer.data?.explanation}
          pending={answer.isFetching}
          failed={failure !== undefined}
          onAgain={() => void answer.refetch()}
        />
      </div>
    </div>
  );
}

function SourceChoice({
  source,
  onChoose,
}: {
  readonly source: ReadSource;
  readonly onChoose: (source: ReadSource) => void;
}) {
  const choice = (value: ReadSource, label: string) => (
    <label>
      <input type="radio" name="read" checked={source === value} onChange={() => onChoose(value)} />
      <span>{label}</span>
    </label>
  );
  return (
    <fieldset className="choice">
      <legend className="unseen">Where it is read</legend>
      {choice('data', 'Through the caches')}
      {choice('secure', 'From the record')}
    </fieldset>
  );
}

function Deleted() {
  return (
    <>
      <PageTitle title="Deleted" />
      <Notice
        icon="trash"
        title="This entity is deleted"
        actions={
          <PageLink className="button" to="/">
            Back to the list
          </PageLink>
        }
      >
        <p>You deleted it. Caches on the way may show it to others for up to two minutes.</p>
      </Notice>
    </>
  );
}

function EntitySkeleton() {
  return (
    <div className="entity" aria-busy="true">
      <PageTitle title="Entity">
        <span className="skeleton title-skeleton" />
        <span className="unseen">Entity</span>
      </PageTitle>
      <span className="skeleton short" />
      <div className="panel attributes-skeleton">
        {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((line) => (
          <span key={line} className="skeleton" />
        ))}
      </div>
      <span className="unseen" role="status">
        Loading…
      </span>
    </div>
  );
}
