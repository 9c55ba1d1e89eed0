import { useLocation } from 'react-router';
import { Notice } from '../../../kit/notice.tsx';
import { CallFailure, isPassing, wordsOf } from '../api/failure.ts';
import { signInAddress } from '../session/session.ts';

/** Stands where a read came to nothing: what happened, and what to do about it. */
export function FailureNotice({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const { pathname, search } = useLocation();
  const { title, text } = wordsOf(error);
  const kind = error instanceof CallFailure ? error.kind : undefined;
  const actions =
    kind === 'signed-out' ? (
      <a className="button primary" href={signInAddress(`${pathname}${search}`)}>
        Sign in
      </a>
    ) : (
      <button type="button" className="button" onClick={onRetry}>
        Try again now
      </button>
    );
  const icon = kind === 'offline' ? 'cloudOff' : kind === 'signed-out' ? 'person' : 'alert';
  return (
    <Notice live icon={icon} title={title} tone={isPassing(error) ? 'warn' : 'bad'} actions={actions}>
      <p>{text}</p>
    </Notice>
  );
}
