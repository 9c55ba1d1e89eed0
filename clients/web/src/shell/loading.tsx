import { useEffect, useState } from 'react';

/** Stands where a page will be while its code is on the way. Said aloud only when it takes a while. */
export function Loading() {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 1_000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="loading" aria-busy="true">
      <span className="skeleton title-skeleton" />
      <span className="skeleton" />
      <span className="skeleton short" />
      <span className="unseen" role="status">
        {slow ? 'Loading…' : ''}
      </span>
    </div>
  );
}
