import { useLocation } from 'react-router';
import { Notice } from '../../../kit/notice.tsx';
import { CallFailure, isPassing, isStatus, wordsOf } from '../api/failure.ts';
import { signInAddress } from '../session/session.ts';
import { PageLink } from './page-link.tsx';

/** Stands where a read came to nothing: what happened, and what to do about it. */
export function FailureNotice({
  error,
  onRetry,
}: {
  readonly error: unknown;
  readonly onRetry?: () => void;
}) {
  const { pathname, search } = useLocation();
  const { title, text } = wordsOf(error);
  const kind = error instanceof CallFailure ? error.kind : undefined;
  const missing = isStatus(error, 404);
  const actions =
    kind === 'signed-out' ? (
      <a className="button primary" href={signInAddress(`${pathname}${search}`)}>
        Sign in
      </a>
    ) : missing ? (
      <PageLink className="button primary" to="/">
        Go to the entities
      </PageLink>
    ) : (
      onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          Try again now
        </button>
      )
    );
  const icon =
    kind === 'offline' ? 'cloudOff' : kind === 'signed-out' ? 'person' : missing ? 'search' : 'alert';
  const tone = kind === 'signed-out' || missing ? 'plain' : isPassing(error) ? 'warn' : 'bad';
  return (
    <Notice live icon={icon} title={title} tone={tone} actions={actions}>
      <p>{text}</p>
    </Notice>
  );
}
