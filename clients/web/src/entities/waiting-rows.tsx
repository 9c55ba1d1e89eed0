import { addresses } from '../addresses.ts';
import { useOutbox } from '../outbox/outbox.ts';
import { PageLink } from '../shell/page-link.tsx';

/** What was created on this device and the platform does not know yet: above the list it will be in. */
export function WaitingRows({ subject }: { readonly subject: string }) {
  const created = useOutbox(subject).filter(({ kind }) => kind === 'create');
  if (created.length === 0) return null;
  return (
    <ul className="rows panel waiting" aria-label="Waiting to be created">
      {created.map(({ id, input }) => (
        <li key={id}>
          <PageLink className="row" data-row to={addresses.waiting}>
            <span className="row-name">{input?.name}</span>
            <span className="row-time">
              <span className="tag warn">waiting</span>
            </span>
            <span className="row-attributes">Created on this device, not sent yet</span>
          </PageLink>
        </li>
      ))}
    </ul>
  );
}
