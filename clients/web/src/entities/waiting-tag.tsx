import { addresses } from '../addresses.ts';
import { useOutbox } from '../outbox/outbox.ts';
import { PageLink } from '../shell/page-link.tsx';

/** Says of an entity that a change of it waits on this device. */
export function WaitingTag({ subject, entityId }: { readonly subject: string; readonly entityId: string }) {
  const waits = useOutbox(subject).some((change) => change.entityId === entityId);
  if (!waits) return null;
  return (
    <PageLink className="tag warn" to={addresses.waiting}>
      a change of yours is waiting
    </PageLink>
  );
}
