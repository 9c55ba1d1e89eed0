import { Notice } from '../../../kit/notice.tsx';
import { signInAddress } from '../session/session.ts';
import { PageLink } from '../shell/page-link.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { useQueryParameters } from '../shell/query-parameters.ts';

/** What the errors of a sign-in mean to a person, by the codes of `/session/callback`. */
const reasons: Readonly<Record<string, string>> = {
  'access-denied': 'It was cancelled at the user pool.',
  'sign-in-expired': 'It was not finished within ten minutes, or was begun in another browser.',
  'no-role': 'This account has no role on this platform yet. Ask whoever runs it for one.',
  unavailable: 'The user pool does not answer now. Try again in a moment.',
};

/** After signing out, and after a sign-in that came to nothing. */
export default function SignedOutPage() {
  const parameters = useQueryParameters();
  const error = parameters.get('error');
  const actions = (
    <>
      <a className="button primary" href={signInAddress('/')}>
        {error === null ? 'Sign in again' : 'Try again'}
      </a>
      <PageLink className="button" to="/">
        Browse without signing in
      </PageLink>
    </>
  );
  return (
    <div className="narrow">
      <PageTitle title={error === null ? 'Signed out' : 'Not signed in'} />
      {error === null ? (
        <Notice icon="check" title="You are signed out" actions={actions}>
          <p>
            What this device kept for you is removed. Everything can still be browsed; changing it takes a
            sign-in.
          </p>
        </Notice>
      ) : (
        <Notice icon="alert" tone="warn" title="The sign-in was not completed" actions={actions}>
          <p>{reasons[error] ?? 'Something went wrong on the way. Trying again usually helps.'}</p>
        </Notice>
      )}
    </div>
  );
}
