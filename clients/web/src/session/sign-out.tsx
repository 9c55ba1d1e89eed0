import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../../../kit/dialog.tsx';
import { Icon } from '../../../kit/icon.tsx';
import { wordsOf } from '../api/failure.ts';
import { send } from '../api/send.ts';
import { dropChangesOf, useOutbox } from '../outbox/outbox.ts';
import { forgetPerson } from './departure.ts';

/** Signs out, here or everywhere, and takes away what this device keeps of who it was. Says before what is lost. */
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
      await dropChangesOf(subject);
      await forgetPerson();
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
        {!everywhere && <Icon name="leave" />}
        {everywhere ? 'Sign out everywhere' : 'Sign out'}
      </button>
      {fault && !asking && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
      <Dialog
        title={everywhere ? 'Sign out everywhere?' : 'Sign out and lose what waits?'}
        open={asking}
        onClose={() => setAsking(false)}
      >
        {everywhere && <p>Every session of yours ends, this one too. Each device has to sign in again.</p>}
        {waiting > 0 && (
          <p>
            {waiting === 1 ? '1 change was' : `${waiting} changes were`} not sent yet. Signing out removes{' '}
            {waiting === 1 ? 'it' : 'them'} from this device for good.
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
            {waiting > 0 ? 'Sign out and drop' : everywhere ? 'Sign out everywhere' : 'Sign out'}
          </button>
        </div>
      </Dialog>
    </>
  );
}
