import { Suspense } from 'react';
import { Icon } from '../../../kit/icon.tsx';
import { useSession } from '../session/session.ts';
import { OutboxStrip } from './for-signed-in.ts';
import { useOnline } from './online.ts';

/** One line under the header while the device is offline, and one while changes wait. */
export function Connectivity() {
  const online = useOnline();
  const { session } = useSession();
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
      {session && (
        <Suspense>
          <OutboxStrip subject={session.subject} />
        </Suspense>
      )}
    </div>
  );
}
