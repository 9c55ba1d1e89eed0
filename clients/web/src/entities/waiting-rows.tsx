import { Link } from 'react-router';
import { addresses } from '../addresses.ts';
import { useOutbox } from '../outbox/outbox.ts';
import { useSession } from '../session/session.ts';

/** What was created on this device and the platform does not know yet: above the list it will be in. */
export function WaitingRows() {
  const { session } = useSession();
  const created = useOutbox(session?.subject).filter(({ kind }) => kind === 'create');
  if (created.length === 0) return null;
  return (
    <ul className="rows panel waiting" aria-label="Waiting to be created">
      {created.map(({ id, input }) => (
        <li key={id}>
          <Link className="row" data-row to={addresses.waiting}>
            <span className="row-name">{input?.name}</span>
            <span className="row-time">
              <span className="tag warn">waiting</span>
            </span>
            <span className="row-attributes">Created on this device, not sent yet</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
