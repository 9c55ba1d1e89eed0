import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { Clock } from '../../kernel/clock.ts';
import type { AppClient } from './clients.ts';
import { discoveryDocument } from './discovery.ts';
import { answerJson, BodyTooLarge, type Exchange } from './exchange.ts';
import { showSignIn, signOut, submitSignIn } from './hosted-pages.ts';
import { answerApiCall } from './json-api.ts';
import type { AttemptSignIn } from './sign-in-attempt.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { Tokens } from './tokens.ts';
import { answerUserInfo } from './user-info.ts';

/** All that the routes work with. */
export interface RouterSettings {
  readonly issuer: string;
  /** Base URL of the pages and endpoints. */
  readonly domain: string;
  readonly clock: Clock;
  readonly keys: SigningKeys;
  readonly tokens: Tokens;
  readonly attemptSignIn: AttemptSignIn;
  readonly findClient: (clientId: string) => AppClient | undefined;
  readonly provider: () => Provider;
  readonly hint: () => string | undefined;
}

type Handler = (exchange: Exchange) => void | Promise<void>;

/** The pool's routes, in one table. */
export function createRouter(settings: RouterSettings) {
  const { issuer, domain, keys, tokens, provider } = settings;
  const poolPath = new URL(issuer).pathname;
  const pages = () => ({ ...settings, provider: provider() });
  const publicJson = { 'cache-control': 'public, max-age=60', 'access-control-allow-origin': '*' };

  const routes: Readonly<Record<string, Handler>> = {
    [`GET ${poolPath}/.well-known/openid-configuration`]: ({ response }) =>
      answerJson(response, 200, discoveryDocument(issuer, domain), publicJson),
    [`GET ${poolPath}/.well-known/jwks.json`]: ({ response }) =>
      answerJson(response, 200, { keys: keys.publicKeys() }, publicJson),
    'GET /login': (exchange) => showSignIn(pages(), exchange),
    'POST /login': (exchange) => submitSignIn(pages(), exchange),
    'GET /logout': (exchange) => signOut(pages(), exchange),
    'GET /oauth2/userInfo': (exchange) => answerUserInfo(tokens, exchange),
    'POST /oauth2/userInfo': (exchange) => answerUserInfo(tokens, exchange),
    'POST /': (exchange) => answerApiCall(settings, exchange),
  };
  const oauth = /^\/oauth2\/(authorize(\/[\w-]+)?|token|revoke)$/;

  async function dispatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    const url = ownUrl(request);
    if (!url) {
      answerJson(response, 421, { message: 'This host name is not served here.' });
      return;
    }
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const handler = routes[`${method} ${url.pathname}`];
    if (handler) await handler({ request, response, url });
    else if (oauth.test(url.pathname)) await provider().callback()(request, response);
    else answerJson(response, 404, { message: 'Not Found' });
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    dispatch(request, response).catch((error) => {
      if (response.headersSent) response.destroy();
      else if (error instanceof BodyTooLarge) {
        answerJson(response, 413, { message: 'The body is too large.' }, { connection: 'close' });
      } else {
        process.emitWarning(error);
        answerJson(response, 500, { message: 'Internal server error' });
      }
    });
  };
}

const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  // Not no-referrer: browsers then send `Origin: null` with the pages' own forms (Fetch, section 3.1).
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** The request's URL when it is for this machine by name: a page elsewhere cannot reach in by rebinding DNS. */
function ownUrl(request: IncomingMessage): URL | undefined {
  const url = URL.parse(request.url ?? '/', `http://${request.headers.host}`);
  return url && /^(127\.0\.0\.1|localhost|[\w-]+\.localhost)$/.test(url.hostname) ? url : undefined;
}
