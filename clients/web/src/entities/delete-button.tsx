import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { Dialog } from '../../../kit/dialog.tsx';
import { Icon } from '../../../kit/icon.tsx';
import { addresses } from '../addresses.ts';
import type { Entity } from '../api/entity.ts';
import { wordsOf } from '../api/failure.ts';
import { say } from '../shell/toasts.tsx';
import { write } from './write.ts';

/** Deletes an entity after a second question, at the version that was shown. */
export function DeleteButton({ entity, subject }: { readonly entity: Entity; readonly subject: string }) {
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
    const { id: entityId, version: ifMatch } = entity;
    const change = { kind: 'delete', subject, entityId, base: entity, ifMatch } as const;
    try {
      const written = await write({ ...change, idempotencyKey: key.current });
      if (written.kind === 'changed') {
        setFault(
          'Someone changed it meanwhile. Look at it as it is now, then delete it if you still want to.',
        );
      } else if (written.kind === 'kept') {
        setAsking(false);
        say('Kept on this device. It is deleted once the platform can be reached.');
      } else {
        say(`${entity.name} is deleted.`);
        navigate(addresses.browse());
      }
    } catch (error) {
      const { title, text } = wordsOf(error);
      setFault(`${title}. ${text}`);
    }
    setBusy(false);
  };

  return (
    <>
      <button type="button" className="button danger" onClick={open}>
        <Icon name="trash" />
        Delete
      </button>
      <Dialog title={`Delete “${entity.name}”?`} open={asking} onClose={() => setAsking(false)}>
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
