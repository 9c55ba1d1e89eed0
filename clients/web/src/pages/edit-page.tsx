import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { Icon } from '../../../kit/icon.tsx';
import { Notice } from '../../../kit/notice.tsx';
import { addresses } from '../addresses.ts';
import { readEntity, replaceEntity } from '../api/entities.ts';
import type { Entity, EntityInput } from '../api/entity.ts';
import { CallFailure, isStatus, isUnanswered } from '../api/failure.ts';
import { ConflictView } from '../entities/conflict-view.tsx';
import { type Draft, draftOf } from '../entities/draft.ts';
import { EntityForm } from '../entities/entity-form.tsx';
import { useKeptDraft } from '../entities/kept-draft.ts';
import { noteDeletion, noteEntity } from '../entities/own-writes-store.ts';
import { readForEditing } from '../entities/read-for-editing.ts';
import { WriteFailure } from '../entities/write-failure.tsx';
import { keepChange } from '../outbox/outbox.ts';
import { NeedsRole } from '../session/needs-role.tsx';
import { useSession } from '../session/session.ts';
import { FailureNotice } from '../shell/failure-notice.tsx';
import { Loading } from '../shell/loading.tsx';
import { PageLink } from '../shell/page-link.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { useQueryParameters } from '../shell/query-parameters.ts';
import { useStandingError } from '../shell/standing-error.ts';
import { say } from '../shell/toasts.tsx';
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
        <Editing key={id} id={id} />
      </NeedsRole>
    </div>
  );
}

function Editing({ id }: { readonly id: string }) {
  const [kept, keep] = useKeptDraft(id);
  const current = useQuery({
    queryKey: ['editing', id],
    queryFn: ({ signal }) => readForEditing(id, signal),
    enabled: kept === undefined,
    staleTime: 0,
    gcTime: 0,
  });
  const failure = useStandingError(id, current);
  const entity = kept?.base ?? current.data;
  if (entity) return <Edit entity={entity} kept={kept} keep={keep} />;
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

type Kept = ReturnType<typeof useKeptDraft>;

function Edit({
  entity,
  kept,
  keep,
}: {
  readonly entity: Entity;
  readonly kept: Kept[0];
  readonly keep: Kept[1];
}) {
  const { session } = useSession();
  const navigate = useNavigate();
  const [draft, setDraft] = useState<Draft>(() => kept?.draft ?? draftOf(entity));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [conflict, setConflict] = useState<{ mine: EntityInput; theirs: Entity | undefined }>();
  const { id } = entity;
  useEffect(() => {
    if (conflict) document.querySelector<HTMLElement>('main h1')?.focus();
  }, [conflict]);

  const type = (next: Draft) => {
    setDraft(next);
    keep({ draft: next, base: entity, idempotencyKey: crypto.randomUUID() });
  };
  const done = () => {
    keep(undefined);
    navigate(addresses.entity(id), { replace: true });
  };

  const save = async (input: EntityInput, base: Entity, idempotencyKey: string) => {
    setBusy(true);
    setError(undefined);
    try {
      const { body } = await replaceEntity(id, input, { ifMatch: base.version, idempotencyKey });
      noteEntity(body, false);
      say('Saved.');
      done();
    } catch (failure) {
      setBusy(false);
      if (isStatus(failure, 412)) {
        const theirs = (await readEntity('secure', id)).body;
        noteEntity(theirs, false);
        setConflict({ mine: input, theirs });
      } else if (isStatus(failure, 404)) {
        noteDeletion(id, base.version);
        setConflict({ mine: input, theirs: undefined });
      } else if (isUnanswered(failure) && session) {
        const sent = !(failure instanceof CallFailure && failure.kind === 'offline');
        const change = {
          kind: 'replace',
          entityId: id,
          base,
          input,
          ifMatch: base.version,
          idempotencyKey,
        } as const;
        await keepChange({ id: crypto.randomUUID(), subject: session.subject, sent, ...change });
        say('Kept on this device; it is sent when the platform can be reached.');
        done();
      } else setError(failure);
    }
  };

  if (conflict && !conflict.theirs) return <Gone mine={conflict.mine} onDrop={() => keep(undefined)} />;
  if (conflict?.theirs) {
    const { mine, theirs } = conflict;
    return (
      <ConflictView
        base={entity}
        mine={mine}
        theirs={theirs}
        busy={busy}
        failure={<WriteFailure error={error} />}
        onDecided={(input) => void save(input, theirs, crypto.randomUUID())}
        onDrop={done}
      />
    );
  }
  return (
    <>
      <PageTitle title={`Edit ${entity.name}`} />
      <EntityForm
        draft={draft}
        onDraft={type}
        onSubmit={(input) => void save(input, entity, kept?.idempotencyKey ?? crypto.randomUUID())}
        busy={busy}
        failure={<WriteFailure error={error} />}
        submitLabel="Save"
        cancel={
          <PageLink className="button quiet" to={addresses.entity(id)} onClick={() => keep(undefined)}>
            Cancel
          </PageLink>
        }
      />
    </>
  );
}

function Gone({ mine, onDrop }: { readonly mine: EntityInput; readonly onDrop: () => void }) {
  return (
    <>
      <PageTitle title={`Edit ${mine.name}`} />
      <Notice
        live
        icon="trash"
        tone="warn"
        title="Someone deleted it meanwhile"
        actions={
          <>
            <PageLink className="button primary" to={addresses.create(mine.name)} onClick={onDrop}>
              Create it anew
            </PageLink>
            <PageLink className="button" to="/" onClick={onDrop}>
              Leave it deleted
            </PageLink>
          </>
        }
      >
        <p>Your change was not saved: there is nothing left to change.</p>
      </Notice>
    </>
  );
}
