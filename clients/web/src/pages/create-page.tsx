import { useState } from 'react';
import { useNavigate } from 'react-router';
import { addresses } from '../addresses.ts';
import { createEntity } from '../api/entities.ts';
import type { EntityInput } from '../api/entity.ts';
import { CallFailure, isUnanswered } from '../api/failure.ts';
import { type Draft, draftOf } from '../entities/draft.ts';
import { EntityForm } from '../entities/entity-form.tsx';
import { useKeptDraft } from '../entities/kept-draft.ts';
import { noteEntity } from '../entities/own-writes-store.ts';
import { WriteFailure } from '../entities/write-failure.tsx';
import { keepChange } from '../outbox/outbox.ts';
import { NeedsRole } from '../session/needs-role.tsx';
import { useSession } from '../session/session.ts';
import { PageLink } from '../shell/page-link.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { useQueryParameters } from '../shell/query-parameters.ts';
import { say } from '../shell/toasts.tsx';

/** A new entity. It is created once, however often it has to be sent. */
export default function CreatePage() {
  return (
    <div className="narrow">
      <NeedsRole atLeast="editor" title="New entity">
        <Creation />
      </NeedsRole>
    </div>
  );
}

function Creation() {
  const parameters = useQueryParameters();
  const { session } = useSession();
  const navigate = useNavigate();
  const [kept, keep] = useKeptDraft('new');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const draft = kept?.draft ?? draftOf({ name: parameters.get('name') ?? '', attributes: {} });
  // What is typed anew is a new request: the key of the one before is not its.
  const type = (next: Draft) => keep({ draft: next, idempotencyKey: crypto.randomUUID() });

  const create = async (input: EntityInput) => {
    const idempotencyKey = kept?.idempotencyKey ?? crypto.randomUUID();
    keep({ draft, idempotencyKey });
    setBusy(true);
    setError(undefined);
    try {
      const { body } = await createEntity(input, idempotencyKey);
      noteEntity(body, true);
      keep(undefined);
      say(`${body.name} is created.`);
      navigate(addresses.entity(body.id), { replace: true });
    } catch (failure) {
      setBusy(false);
      if (!isUnanswered(failure) || !session) return setError(failure);
      const id = crypto.randomUUID();
      const change = {
        id,
        subject: session.subject,
        kind: 'create',
        entityId: `local-${id}`,
        input,
      } as const;
      const sent = !(failure instanceof CallFailure && failure.kind === 'offline');
      await keepChange({ ...change, idempotencyKey, sent });
      keep(undefined);
      say('Kept on this device; it is created when the platform can be reached.');
      navigate(addresses.waiting);
    }
  };

  return (
    <>
      <PageTitle title="New entity" />
      <EntityForm
        draft={draft}
        onDraft={type}
        onSubmit={create}
        busy={busy}
        failure={<WriteFailure error={error} />}
        submitLabel="Create"
        cancel={
          <PageLink className="button quiet" to="/" onClick={() => keep(undefined)}>
            Cancel
          </PageLink>
        }
      />
    </>
  );
}
