import { useQuery } from '@tanstack/react-query';
import { Icon } from '../../../kit/icon.tsx';
import { addresses } from '../addresses.ts';
import { Editing } from '../entities/editing.tsx';
import { useKeptDraft } from '../entities/kept-draft.ts';
import { readForEditing } from '../entities/read-for-editing.ts';
import { NeedsRole } from '../session/needs-role.tsx';
import { FailureNotice } from '../shell/failure-notice.tsx';
import { Loading } from '../shell/loading.tsx';
import { PageLink } from '../shell/page-link.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { useQueryParameters } from '../shell/query-parameters.ts';
import { useStandingError } from '../shell/standing-error.ts';
import MissingPage from './missing-page.tsx';

/** Changes an entity at the version it was read at; when someone else was faster, field by field. */
export default function EditPage() {
  const parameters = useQueryParameters();
  const id = parameters.get('id') ?? '';
  if (id === '') return <MissingPage />;
  return (
    <div className="narrow wide">
      <PageLink className="back" to={addresses.entity(id)}>
        <Icon name="back" />
        Back to the entity
      </PageLink>
      <NeedsRole atLeast="editor" title="Edit">
        {({ subject }) => <EntityToEdit key={`${subject} ${id}`} subject={subject} id={id} />}
      </NeedsRole>
    </div>
  );
}

function EntityToEdit({ subject, id }: { readonly subject: string; readonly id: string }) {
  const [kept, keep] = useKeptDraft(subject, id);
  const current = useQuery({
    queryKey: ['editing', id],
    queryFn: ({ signal }) => readForEditing(id, signal),
    enabled: kept === undefined,
    staleTime: 0,
    gcTime: 0,
  });
  const failure = useStandingError(id, current);
  const entity = kept?.base ?? current.data;
  if (entity) return <Editing subject={subject} entity={entity} kept={kept} keep={keep} />;
  return (
    <>
      <PageTitle title="Edit" />
      {failure !== undefined ? (
        <FailureNotice error={failure} onRetry={() => void current.refetch()} />
      ) : (
        <Loading />
      )}
    </>
  );
}
