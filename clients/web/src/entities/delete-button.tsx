import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { Dialog } from '../../../kit/dialog.tsx';
import { Icon } from '../../../kit/icon.tsx';
import { addresses } from '../addresses.ts';
import { deleteEntity, readEntity } from '../api/entities.ts';
import type { Entity } from '../api/entity.ts';
import { isStatus, isUnanswered, wordsOf } from '../api/failure.ts';
import { keepChange } from '../outbox/outbox.ts';
import { useSession } from '../session/session.ts';
import { say } from '../shell/toasts.tsx';
import { noteDeletion, noteEntity } from './own-writes-store.ts';

/** Deletes an entity after a second question, at the version that was shown. */
export function DeleteButton({ entity }: { readonly entity: Entity }) {
  const { session } = useSession();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const key = useRef('');

  const open = () => {
    key.current = crypto.randomUUID();
    setFault(undefined);
    setAsking(true);
  };

  const remove = async () => {
    if (busy) return;
    setBusy(true);
    setFault(undefined);
    const { id, version } = entity;
    try {
      await deleteEntity(id, { ifMatch: version, idempotencyKey: key.current });
      noteDeletion(id, version);
      say(`${entity.name} is deleted.`);
      navigate(addresses.browse());
    } catch (error) {
      if (isStatus(error, 404)) {
        noteDeletion(id, version);
        navigate(addresses.browse());
      } else if (isStatus(error, 412)) {
        noteEntity((await readEntity('secure', id)).body, false);
        setFault(
          'Someone changed it meanwhile. Look at it as it is now, then delete it if you still want to.',
        );
      } else if (isUnanswered(error) && session) {
        await keepChange({
          id: crypto.randomUUID(),
          subject: session.subject,
          kind: 'delete',
          entityId: id,
          base: entity,
          ifMatch: version,
          idempotencyKey: key.current,
          sent: navigator.onLine,
        });
        setAsking(false);
        say('Kept on this device; it is deleted when you are back online.');
      } else {
        const { title, text } = wordsOf(error);
        setFault(`${title}. ${text}`);
      }
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <button type="button" className="button danger" onClick={open}>
        <Icon name="trash" />
        Delete
      </button>
      <Dialog title={`Delete ${entity.name}?`} open={asking} onClose={() => setAsking(false)}>
        <p>It is gone for everyone, and this cannot be undone.</p>
        {fault && (
          <p className="fault" role="alert">
            {fault}
          </p>
        )}
        <div className="actions">
          <button type="button" className="button" onClick={() => setAsking(false)}>
            Keep it
          </button>
          <button type="button" className="button danger primary" onClick={remove} aria-disabled={busy}>
            {busy ? 'Deleting…' : 'Delete it'}
          </button>
        </div>
      </Dialog>
    </>
  );
}
