import type { Session } from '../../src/data/sessions/session.ts';
import { StrataError } from '../../src/kernel/errors.ts';
import type { SessionApplication } from './application.ts';
import { clearedCredentials, cookies, credentialCookies } from './cookies.ts';
import { hashOfAccessToken, isSame, readRefreshToken } from './refresh-token.ts';
import type { SessionRequest } from './request.ts';
import { done, json, type ProxyResult, problem } from './result.ts';
import { isAllowedFrom } from './same-origin.ts';
import { roleIn } from './sessions.ts';
import { beginSignIn, finishSignIn } from './sign-in.ts';

type Answer = (
  application: SessionApplication,
  request: SessionRequest,
) => ProxyResult | Promise<ProxyResult>;

/** What there is below /session. */
const routes: Readonly<Record<string, Readonly<Record<string, Answer>>>> = {
  '': { GET: showSession },
  '/sign-in': { GET: beginSignIn },
  '/callback': { GET: finishSignIn },
  '/refresh': { POST: refreshSession },
  '/list': { GET: listSessions },
  '/sign-out': { POST: signOut },
};
const oneSession: Readonly<Record<string, Answer>> = { DELETE: endSession };

/** Answers a request. Never throws what is not a fault of the program. */
export async function answer(application: SessionApplication, request: SessionRequest): Promise<ProxyResult> {
  if (!isAllowedFrom(request, application.origins)) return problem(new StrataError('cross-site'));
  const { method, path } = request;
  const answers = Object.hasOwn(routes, path) ? routes[path] : /^\/[\w-]{22}$/.test(path) && oneSession;
  if (!answers) return problem(new StrataError('route-unknown', { method, path: `/session${path}` }));
  const found = Object.hasOwn(answers, method) ? answers[method] : undefined;
  if (!found) {
    const error = new StrataError('method-unsupported', { method, path: `/session${path}` });
    return problem(error, { headers: { allow: Object.keys(answers).join(', ') } });
  }
  try {
    return await found(application, request);
  } catch (error) {
    if (!(error instanceof StrataError)) throw error;
    return unavailable();
  }
}

/** GET /session: who is signed in. Asks for the access token that belongs to the session as it is now. */
async function showSession(application: SessionApplication, request: SessionRequest): Promise<ProxyResult> {
  const session = await sessionOf(application, request);
  const access = request.cookie(cookies.access.name);
  const isOwn = access !== undefined && isSame(hashOfAccessToken(access), session?.accessHash ?? '');
  if (!session || !isOwn || application.clock.now() >= session.accessExpiresAt) {
    return problem(new StrataError('session-missing'));
  }
  const { id, subject, name, email, accessExpiresAt, idleExpiresAt, absoluteExpiresAt } = session;
  return json({
    id,
    subject,
    name,
    ...(email === undefined ? {} : { email }),
    role: roleIn(session),
    accessExpiresAt,
    idleExpiresAt,
    absoluteExpiresAt,
  });
}

/** POST /session/refresh: new cookies for the old. */
async function refreshSession(
  application: SessionApplication,
  request: SessionRequest,
): Promise<ProxyResult> {
  const token = tokenOf(application, request);
  if (!token) return problem(new StrataError('session-missing'), { cookies: clearedCredentials() });
  const outcome = await application.sessions.refresh(token);
  switch (outcome.kind) {
    case 'renewed':
      return done(credentialCookies(outcome.credentials, application.clock.now()));
    case 'ended':
      return problem(new StrataError('session-ended'), { cookies: clearedCredentials() });
    case 'unavailable':
      return unavailable();
  }
}

/** GET /session/list: all of one's own sessions. */
async function listSessions(application: SessionApplication, request: SessionRequest): Promise<ProxyResult> {
  const current = await sessionOf(application, request);
  if (!current) return problem(new StrataError('session-missing'));
  const sessions = await application.sessions.list(current.subject);
  return json({
    sessions: sessions.map(({ id, createdAt, lastUsedAt, userAgent }) => ({
      id,
      current: id === current.id,
      createdAt,
      lastUsedAt,
      userAgent,
    })),
  });
}

/** DELETE /session/{id}: ends one of one's own sessions. */
async function endSession(application: SessionApplication, request: SessionRequest): Promise<ProxyResult> {
  const current = await sessionOf(application, request);
  if (!current) return problem(new StrataError('session-missing'));
  const id = request.path.slice(1);
  const ended = await application.sessions.end({ subject: current.subject, id }, 'ended-by-owner');
  if (!ended) return problem(new StrataError('session-unknown'));
  return done(id === current.id ? clearedCredentials() : []);
}

/** POST /session/sign-out { everywhere? }: ends this session, or all of one's own. */
async function signOut(application: SessionApplication, request: SessionRequest): Promise<ProxyResult> {
  const wish = wishOf(request.body);
  if (!wish) return problem(new StrataError('body-unreadable', { reason: 'it is not what is expected' }));
  const { sessions } = application;
  const current = await sessionOf(application, request);
  if (!current) {
    return wish.everywhere
      ? problem(new StrataError('session-missing'), { cookies: clearedCredentials() })
      : done(clearedCredentials());
  }
  const ending = wish.everywhere ? await sessions.list(current.subject) : [current];
  await Promise.all(ending.map((session) => sessions.end(session, 'signed-out')));
  return done(clearedCredentials());
}

function wishOf(body: string): { readonly everywhere: boolean } | undefined {
  if (body === '') return { everywhere: false };
  try {
    const { everywhere = false } = Object(JSON.parse(body)) as { everywhere?: unknown };
    return typeof everywhere === 'boolean' ? { everywhere } : undefined;
  } catch {
    return undefined;
  }
}

async function sessionOf(
  application: SessionApplication,
  request: SessionRequest,
): Promise<Session | undefined> {
  const token = tokenOf(application, request);
  return token && application.sessions.find(token);
}

function tokenOf({ keys }: SessionApplication, request: SessionRequest) {
  const text = request.cookie(cookies.refresh.name);
  return text === undefined ? undefined : readRefreshToken(text, keys);
}

function unavailable(): ProxyResult {
  return problem(new StrataError('session-unavailable'), { headers: { 'retry-after': '1' } });
}
