import { Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import { addresses } from '../addresses.ts';
import type { Entity, EntityInput } from '../api/entity.ts';
import { Loading } from '../shell/loading.tsx';
import { PageLink } from '../shell/page-link.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { say } from '../shell/toasts.tsx';
import { type Draft, draftOf } from './draft.ts';
import { EntityForm } from './entity-form.tsx';
import type { KeptDraft } from './kept-draft.ts';
import { ConflictView, GoneMeanwhile } from './meanwhile.ts';
import { write } from './write.ts';
import { WriteFailure } from './write-failure.tsx';

/** Edits an entity at the version it was read at, until that is saved, kept, or decided about. */
export function Editing({
  subject,
  entity,
  kept,
  keep,
}: {
  readonly subject: string;
  readonly entity: Entity;
  readonly kept: KeptDraft | undefined;
  readonly keep: (kept: KeptDraft | undefined) => void;
}) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState<Draft>(() => kept?.draft ?? draftOf(entity));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [conflict, setConflict] = useState<{ mine: EntityInput; theirs: Entity | undefined }>();
  const { id } = entity;

  const type = (next: Draft) => {
    setDraft(next);
    keep({ draft: next, base: entity, idempotencyKey: crypto.randomUUID() });
  };
  const done = (said?: string) => {
    if (said !== undefined) say(said);
    keep(undefined);
    navigate(addresses.entity(id), { replace: true });
  };

  const save = async (input: EntityInput, base: Entity, idempotencyKey: string) => {
    setBusy(true);
    setError(undefined);
    try {
      const { version: ifMatch } = base;
      const change = {
        kind: 'replace',
        subject,
        entityId: id,
        base,
        input,
        ifMatch,
        idempotencyKey,
      } as const;
      const written = await write(change);
      if (written.kind === 'done') return done('Saved.');
      if (written.kind === 'kept')
        return done('Kept on this device. It is sent once the platform can be reached.');
      setConflict({ mine: input, theirs: written.kind === 'changed' ? written.theirs : undefined });
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  };

  if (conflict?.theirs) {
    const { mine, theirs } = conflict;
    return (
      <Suspense fallback={<Loading />}>
        <ConflictView
          base={entity}
          mine={mine}
          theirs={theirs}
          busy={busy}
          failure={<WriteFailure error={error} />}
          onDecided={(input) => void save(input, theirs, crypto.randomUUID())}
          onDrop={() => done()}
        />
      </Suspense>
    );
  }
  const title = `Edit ${entity.name}`;
  if (conflict) {
    return (
      <Suspense fallback={<Loading />}>
        <GoneMeanwhile title={title} name={conflict.mine.name} onLeave={() => keep(undefined)} />
      </Suspense>
    );
  }
  return (
    <>
      <PageTitle title={title} />
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
