import { useLocation } from 'react-router';
import { CallFailure, wordsOf } from '../api/failure.ts';
import { signInAddress } from '../session/session.ts';

/** What became of a change that was not carried out, beside the button that asked for it. */
export function WriteFailure({ error }: { readonly error: unknown }) {
  const { pathname, search } = useLocation();
  if (error === undefined) return null;
  const { title, text } = wordsOf(error);
  const failure = error instanceof CallFailure ? error : undefined;
  return (
    <div className="write-failure" role="alert">
      <p className="fault">{title}</p>
      <p>{text}</p>
      {failure && failure.parts.length > 0 && (
        <ul>
          {failure.parts.map(({ pointer, detail }) => (
            <li key={`${pointer} ${detail}`}>
              {pointer && <code>{pointer.replace(/^#\//, '')}</code>} {detail}
            </li>
          ))}
        </ul>
      )}
      {failure?.kind === 'signed-out' && (
        <a className="button primary" href={signInAddress(`${pathname}${search}`)}>
          Sign in
        </a>
      )}
    </div>
  );
}
