import { useInfiniteQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { Notice } from '../../../kit/notice.tsx';
import { addresses } from '../addresses.ts';
import { listEntities } from '../api/entities.ts';
import { isUnanswered } from '../api/failure.ts';
import { EntityRows, RowSkeletons } from '../entities/entity-rows.tsx';
import { withOwnWrites } from '../entities/own-writes.ts';
import { useOwnWrites } from '../entities/own-writes-store.ts';
import { ExplanationPanel } from '../explain/explanation-panel.tsx';
import { useRole, useSession } from '../session/session.ts';
import { FailureNotice } from '../shell/failure-notice.tsx';
import { WaitingRows } from '../shell/for-signed-in.ts';
import { PageLink } from '../shell/page-link.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { useQueryParameters } from '../shell/query-parameters.ts';
import { useStandingError } from '../shell/standing-error.ts';

/** After this many entities a person is better off searching. */
const many = 200;

/** Every entity, newest first, or those of one name. */
export default function BrowsePage() {
  const parameters = useQueryParameters();
  const name = parameters.get('name')?.trim() ?? '';
  const { session } = useSession();
  const editor = useRole('editor');
  const writes = useOwnWrites();
  const list = useInfiniteQuery({
    queryKey: ['list', name],
    queryFn: ({ pageParam, signal }) => listEntities({ name, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ body }) => body.cursor,
  });
  const failure = useStandingError(name, list);
  const pages = list.data?.pages;
  const entities = pages
    ? withOwnWrites(
        pages.map(({ body }) => body),
        writes,
        name,
      )
    : [];
  return (
    <div className="columns headed">
      <div className="page-head">
        <PageTitle title={name === '' ? 'Entities' : `Named “${name}”`} />
        <p className="lead">
          {name === ''
            ? 'Everything the platform keeps, newest first. Each answer tells which layer gave it, and how long each took.'
            : 'Names match exactly, capitals included. The catalog answers this, a moment behind the last write.'}
        </p>
      </div>
      <div className="side">
        <ExplanationPanel
          explanation={pages?.at(-1)?.explanation}
          pending={list.isFetching}
          failed={failure !== undefined}
          onAgain={() => void list.refetch()}
        />
      </div>
      <div className="column">
        {name === '' && session && (
          <Suspense>
            <WaitingRows subject={session.subject} />
          </Suspense>
        )}
        {list.isPending && !failure && <RowSkeletons />}
        {failure !== undefined && <FailureNotice error={failure} onRetry={() => void list.refetch()} />}
        {pages && entities.length === 0 && <Nothing name={name} editor={editor} />}
        {entities.length > 0 && <EntityRows entities={entities} />}
        {pages && (
          <div className="list-end">
            {list.isError && (
              <p className="fault" role="alert">
                {isUnanswered(list.error) ? 'No answer; what is shown was read before.' : list.error.message}
              </p>
            )}
            {entities.length >= many && (
              <p className="hint">
                You have gone through {entities.length}. Press <kbd>/</kbd> and search by name to find one.
              </p>
            )}
            {list.hasNextPage ? (
              <button
                type="button"
                className="button"
                onClick={() => list.isFetchingNextPage || void list.fetchNextPage()}
                aria-disabled={list.isFetchingNextPage}
              >
                {list.isFetchingNextPage ? 'Loading…' : 'Show more'}
              </button>
            ) : (
              entities.length > 0 && <p className="hint">That is all of them.</p>
            )}
          </div>
        )}
      </div>
    </div>
  );
}

function Nothing({ name, editor }: { readonly name: string; readonly editor: boolean }) {
  if (name === '') {
    return (
      <Notice
        icon="empty"
        title="There are no entities yet"
        actions={
          editor && (
            <PageLink className="button primary" to={addresses.create()}>
              Create the first
            </PageLink>
          )
        }
      >
        <p>
          {editor
            ? 'Create one, or load many with '
            : 'Sign in as an editor to create one, or load many with '}
          <code>strata load FILE.ndjson</code>.
        </p>
      </Notice>
    );
  }
  return (
    <Notice
      live
      icon="search"
      title="No entity has this name"
      actions={
        <>
          {editor && (
            <PageLink className="button primary" to={addresses.create(name)}>
              Create it
            </PageLink>
          )}
          <PageLink className="button" to="/">
            Show all
          </PageLink>
        </>
      }
    >
      <p>Nothing is named exactly “{name}”. Check capitals and accents.</p>
    </Notice>
  );
}
