import { useState } from 'react';
import { useNavigate } from 'react-router';
import { addresses } from '../addresses.ts';
import type { EntityInput } from '../api/entity.ts';
import { type Draft, draftOf } from '../entities/draft.ts';
import { EntityForm } from '../entities/entity-form.tsx';
import { useKeptDraft } from '../entities/kept-draft.ts';
import { write } from '../entities/write.ts';
import { WriteFailure } from '../entities/write-failure.tsx';
import { NeedsRole } from '../session/needs-role.tsx';
import { PageLink } from '../shell/page-link.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { useQueryParameters } from '../shell/query-parameters.ts';
import { say } from '../shell/toasts.tsx';

/** A new entity. It is created once, however often it has to be sent. */
export default function CreatePage() {
  return (
    <div className="narrow">
      <NeedsRole atLeast="editor" title="New entity">
        {({ subject }) => <Creation subject={subject} />}
      </NeedsRole>
    </div>
  );
}

function Creation({ subject }: { readonly subject: string }) {
  const parameters = useQueryParameters();
  const navigate = useNavigate();
  const [kept, keep] = useKeptDraft(subject, 'new');
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
      const entityId = `local-${crypto.randomUUID()}`;
      const written = await write({ kind: 'create', subject, entityId, input, idempotencyKey });
      keep(undefined);
      if (written.kind === 'done' && written.entity) {
        say(`${input.name} is created.`);
        navigate(addresses.entity(written.entity.id), { replace: true });
      } else {
        say('Kept on this device. It is created once the platform can be reached.');
        navigate(addresses.waiting);
      }
    } catch (failure) {
      setBusy(false);
      setError(failure);
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
