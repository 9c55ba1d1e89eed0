import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../../../kit/dialog.tsx';
import { Icon } from '../../../kit/icon.tsx';
import { send } from '../api/client.ts';
import { wordsOf } from '../api/failure.ts';
import { useOutbox } from '../outbox/outbox.ts';
import { forgetSession } from './session-hint.ts';

/** Signs out, here or everywhere. Says before what would be left waiting. */
export function SignOutButton({
  className,
  subject,
  everywhere = false,
}: {
  readonly className: string;
  readonly subject: string;
  readonly everywhere?: boolean;
}) {
  const queryClient = useQueryClient();
  const waiting = useOutbox(subject).length;
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const signOut = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      await send({ method: 'POST', path: '/session/sign-out', body: { everywhere } });
      forgetSession();
      queryClient.clear();
      location.assign('/signed-out');
    } catch (error) {
      setFault(wordsOf(error).title);
      setBusy(false);
    }
  };
  const ask = () => (waiting > 0 || everywhere ? setAsking(true) : void signOut());
  return (
    <>
      <button type="button" className={className} onClick={ask} aria-disabled={busy}>
        {!everywhere && <Icon name="close" />}
        {everywhere ? 'Sign out everywhere' : 'Sign out'}
      </button>
      {fault && !asking && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
      <Dialog
        title={everywhere ? 'Sign out everywhere?' : 'Sign out with changes waiting?'}
        open={asking}
        onClose={() => setAsking(false)}
      >
        {everywhere && <p>Every session of yours ends, this one too. Each device has to sign in again.</p>}
        {waiting > 0 && (
          <p>
            {waiting === 1 ? '1 change was' : `${waiting} changes were`} not sent yet. They stay on this
            device and are sent when you sign in here again.
          </p>
        )}
        {fault && (
          <p className="fault" role="alert">
            {fault}
          </p>
        )}
        <div className="actions">
          <button type="button" className="button" onClick={() => setAsking(false)}>
            Stay signed in
          </button>
          <button type="button" className="button danger primary" onClick={signOut} aria-disabled={busy}>
            {everywhere ? 'Sign out everywhere' : 'Sign out'}
          </button>
        </div>
      </Dialog>
    </>
  );
}
