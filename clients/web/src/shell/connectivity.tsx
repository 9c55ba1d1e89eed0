import { Link } from 'react-router';
import { Icon } from '../../../kit/icon.tsx';
import { addresses } from '../addresses.ts';
import { useOutbox } from '../outbox/outbox.ts';
import { useSession } from '../session/session.ts';
import { useOnline } from './online.ts';

/** One line under the header while the device is offline, or changes wait. Its place is there before it is. */
export function Connectivity() {
  const online = useOnline();
  const { session } = useSession();
  const changes = useOutbox(session?.subject);
  const undecided = changes.filter(({ state }) => state !== 'waiting').length;
  const count = changes.length === 1 ? '1 change' : `${changes.length} changes`;
  return (
    <div role="status" className="connectivity">
      {!online && (
        <p className="strip warn">
          <Icon name="cloudOff" />
          <span>
            You are offline. What you have seen can be read
            {session ? '; changes are kept and sent later.' : '.'}
          </span>
        </p>
      )}
      {changes.length > 0 && (
        <p className={`strip ${undecided > 0 ? 'warn' : 'plain'}`}>
          <Icon name={undecided > 0 ? 'alert' : 'clock'} />
          <span>
            {undecided > 0 ? `${undecided} of ${count} need you. ` : `${count} waiting to be sent. `}
            <Link to={addresses.waiting}>{undecided > 0 ? 'Decide' : 'See what waits'}</Link>
          </span>
        </p>
      )}
    </div>
  );
}
