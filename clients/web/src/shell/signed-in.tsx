import { Icon } from '../../../kit/icon.tsx';
import { addresses } from '../addresses.ts';
import { useOutbox } from '../outbox/outbox.ts';
import { PageLink } from './page-link.tsx';

export { WaitingRows } from '../entities/waiting-rows.tsx';
export { WaitingTag } from '../entities/waiting-tag.tsx';
export { SignOutButton } from '../session/sign-out.tsx';
export { OutboxSender } from './outbox-sender.tsx';
export { SessionMenu } from './session-menu.tsx';

/** One line while changes wait, or need a decision. */
export function OutboxStrip({ subject }: { readonly subject: string }) {
  const changes = useOutbox(subject);
  if (changes.length === 0) return null;
  const undecided = changes.filter(({ state }) => state !== 'waiting').length;
  const count = changes.length === 1 ? '1 change' : `${changes.length} changes`;
  return (
    <p className={`strip ${undecided > 0 ? 'warn' : 'plain'}`}>
      <Icon name={undecided > 0 ? 'alert' : 'clock'} />
      <span>
        {undecided > 0
          ? `${undecided === 1 ? '1 change needs' : `${undecided} changes need`} your decision. `
          : `${count} waiting to be sent. `}
        <PageLink to={addresses.waiting}>
          {undecided > 0 ? 'Decide' : changes.length === 1 ? 'See it' : 'See them'}
        </PageLink>
      </span>
    </p>
  );
}
