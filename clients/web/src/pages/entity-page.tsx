import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { Icon } from '../../../kit/icon.tsx';
import { Notice } from '../../../kit/notice.tsx';
import { addresses } from '../addresses.ts';
import { type ReadSource, readEntity } from '../api/entities.ts';
import { EntityBodySkeleton, EntityHeadSkeleton } from '../entities/entity-skeleton.tsx';
import { EntityBody, EntityHead } from '../entities/entity-view.tsx';
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
    <div className="columns headed">
      <div className="entity-head">
        <PageLink className="back" to="/">
          <Icon name="back" />
          Entities
        </PageLink>
        {entity && !deleted ? (
          <EntityHead entity={entity} ahead={ahead} />
        ) : deleted || failure !== undefined ? (
          <PageTitle title={deleted ? 'Deleted' : 'Entity'} />
        ) : (
          <EntityHeadSkeleton />
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
      <div className="column">
        {deleted ? (
          <Deleted />
        ) : entity ? (
          <EntityBody entity={entity} />
        ) : failure !== undefined ? (
          <FailureNotice error={failure} onRetry={() => void answer.refetch()} />
        ) : (
          <EntityBodySkeleton />
        )}
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
  );
}
