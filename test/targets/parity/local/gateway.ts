import { Agent } from 'node:http';
import { join } from 'node:path';
import type { AuthorizerEvent } from '../../../../src/gateway/authorizer-event.ts';
import type { GatewayConfiguration } from '../../../../src/gateway/configuration.ts';
import { createGateway } from '../../../../src/gateway/gateway.ts';
import {
  allowAll,
  callPort,
  ManualClock,
  type Scope,
  startService,
} from '../../../gateway/gateway-under-test.ts';
import { smallest } from '../measure.ts';
import type { Settings } from '../settings.ts';
import { heldTime } from './held-time.ts';

type Reply = Awaited<ReturnType<typeof callPort>>;

/** A gateway as it runs, and what a client sees of it. */
interface Running {
  readonly clock: ManualClock;
  /** What the authorizer was called with, the last call at the end. */
  readonly authorizations: AuthorizerEvent[];
  call(
    path: string,
    options?: { method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<Reply>;
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What a request parameter might be called: what the services know, and one they do not. */
const parameters = ['limit', 'cursor', 'name', 'other'];

const hour = 3_600_000;

/**
 * What a gateway that runs with this configuration does, found out from outside by calling it: its clock is moved by
 * hand, so every figure is exact.
 */
export async function gatewaySettings(scope: Scope, configuration: GatewayConfiguration): Promise<Settings> {
  const running = await start(scope, configuration);
  const paths = configuration.plan.gateway.routes.map(({ path }) => path);
  const routes: Settings[] = [];
  for (const path of paths) routes.push(await routeSettings(running, path));
  const [open = ''] = paths;
  return {
    'gateway.name': await apiName(running, open),
    'gateway.integrationTimeout': await heldTime(scope, configuration, open),
    'gateway.cacheRefresh.unauthorized': await refusedRefresh(running, open),
    'gateway.binaryMediaTypes': await binaryTypes(running, configuration),
    ...Object.assign({}, ...routes),
  };
}

async function start(scope: Scope, configuration: GatewayConfiguration): Promise<Running> {
  const service = await startService(scope);
  const clock = new ManualClock();
  const authorizations: AuthorizerEvent[] = [];
  const gateway = createGateway({
    configuration: {
      ...configuration,
      port: 0,
      ingress: { host: '127.0.0.1', port: service.port },
      functions: sayingFunctions(configuration),
    },
    authorize: (event) => {
      authorizations.push(event);
      return allowAll(event);
    },
    clock,
  });
  const { port } = await gateway.listen();
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  scope.after(async () => {
    agent.destroy();
    await gateway.close();
  });
  return { clock, authorizations, call: (path, options) => callPort(port, path, options, agent) };
}

/** In the place of each function one that says which it is. */
function sayingFunctions({ functions }: GatewayConfiguration): GatewayConfiguration['functions'] {
  const file = join(import.meta.dirname, '../../../gateway/programs/behaving.ts');
  return Object.fromEntries(
    Object.entries(functions).map(([name, definition]) => [
      name,
      { ...definition, file, variables: { FUNCTION: name } },
    ]),
  );
}

async function routeSettings(running: Running, path: string): Promise<Settings> {
  const at = `gateway.routes.${path}`;
  const offered: string[] = [];
  for (const method of methods) {
    const { headers } = await running.call(path, { method, headers: { authorization: 'Bearer admin' } });
    if (headers['x-amzn-errortype'] !== 'MissingAuthenticationTokenException') offered.push(method);
  }
  const [method = 'GET'] = offered;
  return {
    [`${at}.path`]: path,
    [`${at}.methods`]: offered.toSorted(),
    ...(await throttleSettings(running, path, method)),
    ...(await cacheSettings(running, path)),
    ...(await authSettings(running, path, method)),
    ...(await functionSettings(running, path, method)),
  };
}

/** The function that answers; nothing of a route to the service. */
async function functionSettings(running: Running, path: string, method: string): Promise<Settings> {
  running.clock.advance(hour);
  const { body } = await running.call(`${path}/variables`, {
    method,
    headers: { authorization: 'Bearer admin' },
  });
  const { FUNCTION: name } = JSON.parse(body) as { readonly FUNCTION?: string };
  return name === undefined ? {} : { [`gateway.routes.${path}.function`]: name };
}

/** Media types whose bodies reach a function in base64, of some that there are. */
async function binaryTypes(running: Running, { plan }: GatewayConfiguration): Promise<string[]> {
  const route = plan.gateway.routes.find(
    (each) => each.function !== undefined && each.methods.includes('POST'),
  );
  const found: string[] = [];
  for (const type of ['application/json', 'application/octet-stream', 'image/png', 'text/plain']) {
    running.clock.advance(hour);
    const sent = { method: 'POST', headers: { 'content-type': type }, body: 'a' };
    const { body } = await running.call(`${route?.path}/echo`, sent);
    if (JSON.parse(body).isBase64Encoded === true) found.push(type);
  }
  return found;
}

/** With the clock still, as many pass as the bucket holds; a second later, as many as flow in. */
async function throttleSettings(running: Running, path: string, method: string): Promise<Settings> {
  const at = `gateway.routes.${path}.throttle`;
  running.clock.advance(hour);
  const burst = await passing(running, path, method);
  running.clock.advance(1000);
  const rate = await passing(running, path, method);
  return { [`${at}.burst`]: burst, [`${at}.rate`]: rate };
}

async function passing(running: Running, path: string, method: string): Promise<number> {
  const headers = { authorization: 'Bearer admin' };
  for (let passed = 0; ; ) {
    const replies = await Promise.all(
      Array.from({ length: 32 }, () => running.call(path, { method, headers })),
    );
    const refused = replies.filter(({ status }) => status === 429).length;
    passed += replies.length - refused;
    if (refused > 0) return passed;
  }
}

/** How long an answer is kept, and which parameters tell answers apart. */
async function cacheSettings(running: Running, path: string): Promise<Settings> {
  const at = `gateway.routes.${path}.cache`;
  const headers = { authorization: 'Bearer reader' };
  let serial = 0;
  const ttl = await smallest(2 * hour, async (age) => {
    const fresh = `${path}/age-${serial++}`;
    running.clock.advance(hour);
    await running.call(fresh, { headers });
    running.clock.advance(age);
    return (await running.call(fresh, { headers })).headers['x-gateway-cache'] !== 'hit';
  });
  const query: string[] = [];
  for (const name of parameters) {
    running.clock.advance(hour);
    const asked = `${path}/${name}`;
    await running.call(`${asked}?${name}=1`, { headers });
    const { headers: answered } = await running.call(`${asked}?${name}=2`, { headers });
    if (answered['x-gateway-cache'] === 'miss') query.push(name);
  }
  // Nothing is kept for less than a millisecond.
  return { [`${at}.ttl`]: ttl === 1 ? 0 : (ttl ?? Number.NaN), [`${at}.query`]: query.toSorted() };
}

/** Whether a token is needed, what the authorizer is called with, and how long its answer is used again. */
async function authSettings(running: Running, path: string, method: string): Promise<Settings> {
  const at = `gateway.routes.${path}.auth`;
  running.clock.advance(hour);
  const asked = running.authorizations.length;
  const { status } = await running.call(path, { method });
  const isAsked = status === 401 || running.authorizations.length > asked;
  if (!isAsked) return { [`${at}.mode`]: 'none', [`${at}.ttl`]: 0 };
  await running.call(path, { method, headers: { authorization: 'Bearer admin' } });
  const type = running.authorizations.at(-1)?.type ?? '';
  let serial = 0;
  const ttl = await smallest(2 * hour, async (age) => {
    const headers = { authorization: `Bearer token-${serial++}` };
    running.clock.advance(hour);
    await running.call(path, { method, headers });
    running.clock.advance(age);
    const before = running.authorizations.length;
    await running.call(path, { method, headers });
    return running.authorizations.length > before;
  });
  return {
    [`${at}.mode`]: status === 401 ? 'required' : 'optional',
    [`${at}.type`]: type,
    [`${at}.ttl`]: ttl === 1 ? 0 : (ttl ?? Number.NaN),
  };
}

/** The API's name is in the ARN of each of its methods. */
async function apiName(running: Running, path: string): Promise<string> {
  await running.call(path);
  return /:([^:/]+)\//.exec(running.authorizations.at(-1)?.methodArn ?? '')?.[1] ?? '';
}

/** What is answered to who asks for a refresh and has no right to it. */
async function refusedRefresh(running: Running, path: string): Promise<string> {
  await running.call(path);
  const { status, headers } = await running.call(path, { headers: { 'cache-control': 'max-age=0' } });
  if (status === 403) return 'FAIL_WITH_403';
  return headers.warning === undefined ? 'SUCCEED_WITHOUT_RESPONSE_HEADER' : 'SUCCEED_WITH_RESPONSE_HEADER';
}
