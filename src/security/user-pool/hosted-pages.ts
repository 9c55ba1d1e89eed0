import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';
import type { AppClient } from './clients.ts';
import { answer, type Exchange, readBody, redirect } from './exchange.ts';
import { errorPage, type Page, signInPage } from './pages.ts';
import type { AttemptSignIn, SignInOutcome } from './sign-in-attempt.ts';

/** What the pages people see work with. */
export interface HostedPages {
  readonly provider: Provider;
  readonly attemptSignIn: AttemptSignIn;
  readonly findClient: (clientId: string) => AppClient | undefined;
  /** What the sign-in page says below its form. */
  readonly hint: () => string | undefined;
}

/** GET /login: the form of the sign-in that the authorize endpoint has begun. */
export async function showSignIn(
  { provider, hint }: HostedPages,
  { request, response }: Exchange,
): Promise<void> {
  const destination = await pendingSignIn(provider, { request, response });
  if (destination === undefined) return;
  answerPage(response, 200, signInPage({ destination, ...hintOf(hint()) }));
}

/** POST /login: checks the password and leads back to the authorize endpoint, or shows the form again. */
export async function submitSignIn(
  { provider, attemptSignIn, hint }: HostedPages,
  { request, response, url }: Exchange,
): Promise<void> {
  if (!isSameOrigin(request.headers, url)) {
    answerPage(response, 403, errorPage('forbidden', 'The form was sent from another site.'));
    return;
  }
  const destination = await pendingSignIn(provider, { request, response });
  if (destination === undefined) return;
  const form = new URLSearchParams(await readBody(request));
  const username = form.get('username') ?? '';
  const result = await attemptSignIn(username, form.get('password') ?? '');
  if (result.outcome === 'success') {
    const login = { accountId: result.user.sub };
    await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
    return;
  }
  const { status, problem, retryAfter } = problemOf(result);
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  answerPage(response, status, signInPage({ username, problem, destination, ...hintOf(hint()) }));
}

/**
 * GET /logout?client_id=…&logout_uri=…: ends the pool's own session and leads back, as Cognito does.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
 */
export async function signOut(
  { provider, findClient }: HostedPages,
  { request, response, url }: Exchange,
): Promise<void> {
  const client = findClient(url.searchParams.get('client_id') ?? '');
  const destination = url.searchParams.get('logout_uri') ?? '';
  if (!client?.logoutUris.includes(destination)) {
    answerPage(
      response,
      400,
      errorPage('invalid_request', 'The client or its sign-out address is not known.'),
    );
    return;
  }
  const { cookies } = provider.createContext(request, response);
  const name = provider.cookieName('session');
  const id = cookies.get(name, { signed: true });
  const session = id ? await provider.Session.find(id) : undefined;
  await session?.destroy();
  cookies.set(name, null, { signed: true });
  redirect(response, destination);
}

/** The origin the sign-in under way will lead to; answers with an error page when there is none. */
async function pendingSignIn(
  provider: Provider,
  { request, response }: Pick<Exchange, 'request' | 'response'>,
): Promise<string | undefined> {
  try {
    const { params } = await provider.interactionDetails(request, response);
    const target = URL.parse(String(params.redirect_uri));
    return target && target.origin !== 'null' ? target.origin : (target?.protocol ?? '');
  } catch (error) {
    if (!(error instanceof errors.SessionNotFound)) throw error;
    answerPage(
      response,
      400,
      errorPage('session_not_found', 'This sign-in has expired, or was begun elsewhere.'),
    );
    return undefined;
  }
}

function hintOf(hint: string | undefined): { hint?: string } {
  return hint === undefined ? {} : { hint };
}

function problemOf(result: Exclude<SignInOutcome, { outcome: 'success' }>) {
  switch (result.outcome) {
    case 'incorrect':
      return { status: 422, problem: 'Incorrect user name or password.' };
    case 'locked': {
      const seconds = Math.ceil(result.retryAfter / 1000);
      return { status: 429, problem: `Too many attempts. Try again in ${seconds} s.`, retryAfter: seconds };
    }
    case 'busy':
      return { status: 503, problem: 'Many people are signing in. Try again in a moment.', retryAfter: 1 };
  }
}

/** Whether a form comes from our own page: browsers send Sec-Fetch-Site, or Origin at least. */
function isSameOrigin(headers: Exchange['request']['headers'], url: URL): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return headers.origin === undefined || headers.origin === url.origin;
}

function answerPage(response: Exchange['response'], status: number, { html, policy }: Page): void {
  answer(response, status, html, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
  });
}
