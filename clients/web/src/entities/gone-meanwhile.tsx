import { useEffect } from 'react';
import { Notice } from '../../../kit/notice.tsx';
import { addresses } from '../addresses.ts';
import { beginAtTop } from '../shell/heading-focus.ts';
import { PageLink } from '../shell/page-link.tsx';
import { PageTitle } from '../shell/page-title.tsx';

/** Stands where somebody else has deleted what one was about to change. */
export function GoneMeanwhile({
  title,
  name,
  onLeave,
}: {
  readonly title: string;
  readonly name: string;
  /** The change is to be forgotten: one goes on elsewhere. */
  readonly onLeave: () => void;
}) {
  useEffect(beginAtTop, []);
  return (
    <>
      <PageTitle title={title} />
      <Notice
        live
        icon="trash"
        tone="warn"
        title="Someone deleted it meanwhile"
        actions={
          <>
            <PageLink className="button primary" to={addresses.create(name)} onClick={onLeave}>
              Create it anew
            </PageLink>
            <PageLink className="button" to="/" onClick={onLeave}>
              Leave it deleted
            </PageLink>
          </>
        }
      >
        <p>Your change was not saved: there is nothing left to change.</p>
      </Notice>
    </>
  );
}
