import { randomBytes } from 'node:crypto';
import { StrataError } from '../../src/kernel/errors.ts';
import type { SessionApplication } from './application.ts';
import { clearCookie, cookies, credentialCookies, setCookie } from './cookies.ts';
import { type Pool, PoolRefused, PoolUnavailable, type SignInChecks } from './pool.ts';
import { isSame } from './refresh-token.ts';
import type { SessionRequest } from './request.ts';
import { type ProxyResult, problem, redirect } from './result.ts';
import { returnAddress } from './return-address.ts';
import { seal, unseal } from './sealing.ts';

/** A sign-in under way, as its cookie keeps it: sealed, for it holds the proof of who began it. */
interface SignIn extends SignInChecks {
  readonly origin: string;
  readonly returnTo: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Milliseconds a sign-in may take. */
const signInTime = 600_000;
/** Characters of a browser's name that are kept. */
const userAgentLimit = 256;
const context = 'sign-in';

/** Why a sign-in did not come about, as the page that says so is told. */
type SignInError = 'sign-in-expired' | 'access-denied' | 'sign-in-failed' | 'no-role' | 'unavailable';

/** GET /session/sign-in?return=/path: off to the user pool. */
export async function beginSignIn(
  { origins, pool, keys, clock }: SessionApplication,
  request: SessionRequest,
): Promise<ProxyResult> {
  const origin = originOf(request, origins);
  const [path = '/', ...more] = request.query('return');
  const returnTo = more.length > 0 ? undefined : returnAddress(path, origin);
  if (returnTo === undefined) return problem(new StrataError('return-invalid'));
  const random = () => randomBytes(32).toString('base64url');
  const checks: SignInChecks = { state: random(), nonce: random(), verifier: random() };
  const signIn: SignIn = { ...checks, origin, returnTo, expiresAt: clock.now() + signInTime };
  const cookie = setCookie(cookies.signIn, seal(keys.sealing, JSON.stringify(signIn), context), signInTime);
  return redirect(await pool.authorizationUrl(callbackOf(origin), checks), [cookie]);
}

/** GET /session/callback?code&state: back from the user pool. */
export async function finishSignIn(
  application: SessionApplication,
  request: SessionRequest,
): Promise<ProxyResult> {
  const { origins, clock, sessions, tell } = application;
  const signIn = signInOf(application, request);
  const failed = (error: SignInError) => {
    tell({ event: 'sign-in-refused', reason: error });
    const home = signIn?.origin ?? origins[0] ?? '';
    return redirect(`${home}/signed-out?error=${error}`, [clearCookie(cookies.signIn)]);
  };
  if (!signIn) return failed('sign-in-expired');
  try {
    const tokens = await exchange(application.pool, request, signIn);
    const credentials = await sessions.begin(tokens, userAgentOf(request));
    if (!credentials) return failed('no-role');
    const set = [clearCookie(cookies.signIn), ...credentialCookies(credentials, clock.now())];
    return redirect(signIn.returnTo, set);
  } catch (error) {
    if (error instanceof PoolRefused)
      return failed(error.code === 'access_denied' ? 'access-denied' : 'sign-in-failed');
    if (error instanceof PoolUnavailable || error instanceof StrataError) return failed('unavailable');
    throw error;
  }
}

/** Tokens for the code, once it is clear that this browser has asked for it. */
function exchange(pool: Pool, request: SessionRequest, signIn: SignIn) {
  const callback = new URL(callbackOf(signIn.origin));
  callback.search = request.search.toString();
  return pool.exchange(callback, signIn);
}

/** The sign-in a callback belongs to: of this browser, in time, and with the same state. */
function signInOf({ keys, clock }: SessionApplication, request: SessionRequest): SignIn | undefined {
  const text = unseal(keys.sealing, request.cookie(cookies.signIn.name) ?? '', context);
  if (text === undefined) return undefined;
  const signIn = JSON.parse(text) as SignIn;
  const [state = '', ...more] = request.query('state');
  if (more.length > 0 || !isSame(state, signIn.state)) return undefined;
  return clock.now() < signIn.expiresAt ? signIn : undefined;
}

/** The origin a person is at: the referring page's where it is one of ours, else the first. */
function originOf(request: SessionRequest, origins: readonly string[]): string {
  const [referrer = ''] = request.headers('referer');
  const origin = URL.parse(referrer)?.origin;
  return origins.find((own) => own === origin) ?? origins[0] ?? '';
}

function callbackOf(origin: string): string {
  return `${origin}/session/callback`;
}

function userAgentOf(request: SessionRequest): string {
  const [agent = ''] = request.headers('user-agent');
  return agent.replaceAll(/[^\x20-\x7e]/g, '').slice(0, userAgentLimit);
}
