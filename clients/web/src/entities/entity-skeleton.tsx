import { useRole } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';

const lines = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

/** Stands for an entity's head while it is on its way: as high as that. */
export function EntityHeadSkeleton() {
  const editor = useRole('editor');
  return (
    <>
      <PageTitle title="Entity">
        <span className="skeleton title-skeleton" />
        <span className="unseen">Entity</span>
      </PageTitle>
      <p className="meta">
        <span className="skeleton short" />
      </p>
      {editor && <span className="skeleton button-skeleton" />}
    </>
  );
}

/** Stands for what is kept of it. */
export function EntityBodySkeleton() {
  return (
    <div className="panel attributes-skeleton" aria-busy="true">
      {lines.map((line) => (
        <span key={line} className="skeleton" />
      ))}
      <span className="unseen" role="status">
        Loading…
      </span>
    </div>
  );
}
