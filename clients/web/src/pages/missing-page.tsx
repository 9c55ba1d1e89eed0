import { Notice } from '../../../kit/notice.tsx';
import { PageLink } from '../shell/page-link.tsx';
import { PageTitle } from '../shell/page-title.tsx';

/** There is no such page. */
export default function MissingPage() {
  return (
    <div className="narrow">
      <PageTitle title="Not found" />
      <Notice
        icon="search"
        title="There is nothing at this address"
        actions={
          <PageLink className="button primary" to="/">
            Go to the entities
          </PageLink>
        }
      >
        <p>The address may have been typed wrong, or what it led to may be gone.</p>
      </Notice>
    </div>
  );
}
