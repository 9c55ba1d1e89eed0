import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EdgeSettings } from '../../../../src/edge/configuration.ts';
import { openEdge } from '../../../../src/edge/edge.ts';
import type { EdgeFunctions } from '../../../../src/edge/edge-functions.ts';
import type { Scope } from '../../../gateway/gateway-under-test.ts';
import { type BehaviorFacts, behaviorSettings, questions } from '../edge-questions.ts';
import { smallest } from '../measure.ts';
import type { Settings } from '../settings.ts';

/** What an origin got of a request. */
type Received = Pick<IncomingMessage, 'url' | 'headers'>;

/** An edge whose origins are all the test's own, and whose time is, too. */
interface Edge {
  /** Sends a request. @returns status and header fields of the answer, and what the origin got, if anything */
  readonly ask: (
    target: string,
    sent?: { readonly method?: string; readonly headers?: OutgoingHttpHeaders },
  ) => Promise<{ readonly status: number; readonly coding: string; readonly received: Received | undefined }>;
  /** What the origins answer from now on. */
  readonly answerWith: (status: number, headers: OutgoingHttpHeaders) => void;
  /** Lets time pass. Seconds. */
  readonly wait: (seconds: number) => void;
  /** `event name` of the functions that ran. */
  readonly ran: () => string[];
}

/** Longer than the vendor keeps anything. Seconds. */
const forever = 4 * 365 * 86_400;
/** Text that is worth compressing. */
const body = 'word '.repeat(1000);

/** What each behaviour does with what it is asked, and with what its origin answers. */
export async function edgeBehaviors(scope: Scope, access: EdgeSettings): Promise<Settings> {
  const edge = await start(scope, access);
  const settings: Settings[] = [];
  for (const { path } of access.behaviors) {
    settings.push(behaviorSettings(path, await factsOf(edge, path)));
  }
  const [first] = access.behaviors.filter(({ cachePolicy }) => access.cachePolicies[cachePolicy]?.maxTtl);
  const path = first?.path ?? '/*';
  for (const status of questions.errors) {
    settings.push({ [`access.errorPages.${status}.ttl`]: await keptFor(edge, path, status, {}) });
  }
  return Object.assign({}, ...settings);
}

async function factsOf(edge: Edge, path: string): Promise<BehaviorFacts> {
  const year = { 'cache-control': 'max-age=31536000' };
  edge.answerWith(200, year);
  const methods: string[] = [];
  for (const method of questions.methods) {
    if ((await edge.ask(fresh(path), { method })).status !== 403) methods.push(method);
  }
  edge.ran();
  await edge.ask(fresh(path));
  const functions = Object.fromEntries(edge.ran().map((line) => line.split(' ') as [string, string]));
  return {
    methods,
    functions,
    cache: {
      minTtl: await keptFor(edge, path, 200, { 'cache-control': 'max-age=0' }),
      defaultTtl: await keptFor(edge, path, 200, {}),
      maxTtl: await keptFor(edge, path, 200, { 'cache-control': `max-age=${forever}` }),
      query: await inKey(edge, path, questions.query, (name, value) => ({ query: `${name}=${value}` })),
      headers: await inKey(edge, path, questions.headers, (name, value) => ({ headers: { [name]: value } })),
      cookies: await inKey(edge, path, questions.cookies, (name, value) => ({
        headers: { cookie: `${name}=${value}` },
      })),
    },
    forwards: await forwardsOf(edge, path),
    compression: await compressionOf(edge, path),
  };
}

let asked = 0;

/** A path of a pattern that nobody asked for before, where the pattern is of more than one. */
function fresh(pattern: string): string {
  asked += 1;
  return pattern.replace('*', `asked-${asked}`);
}

/** Whether an answer is kept at all: it is a moment after its viewer has it. */
async function isKept(ask: () => ReturnType<Edge['ask']>): Promise<boolean> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if ((await ask()).received === undefined) return true;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return false;
}

/** For how many milliseconds such an answer is given without asking its origin again. */
async function keptFor(
  edge: Edge,
  path: string,
  status: number,
  headers: OutgoingHttpHeaders,
): Promise<number> {
  edge.answerWith(status, headers);
  const isGone = async (seconds: number) => {
    const target = fresh(path);
    if (!(await isKept(() => edge.ask(target)))) return true;
    edge.wait(seconds);
    return (await edge.ask(target)).received !== undefined;
  };
  if (await isGone(0)) return 0;
  return ((await smallest(forever, isGone)) ?? Number.POSITIVE_INFINITY) * 1000;
}

/** Names whose values tell stored answers apart. */
async function inKey(
  edge: Edge,
  path: string,
  names: readonly string[],
  place: (name: string, value: string) => { readonly query?: string; readonly headers?: OutgoingHttpHeaders },
): Promise<string[]> {
  edge.answerWith(200, { 'cache-control': 'max-age=60' });
  const found: string[] = [];
  for (const name of names) {
    const target = fresh(path);
    const sendWith = ({ query, headers = {} }: ReturnType<typeof place>) =>
      edge.ask(query === undefined ? target : `${target}?${query}`, { headers });
    // Where nothing is stored, nothing is told apart.
    if (!(await isKept(() => sendWith(place(name, 'one'))))) continue;
    if ((await sendWith(place(name, 'other'))).received) found.push(name);
  }
  return found;
}

async function forwardsOf(edge: Edge, path: string): Promise<BehaviorFacts['forwards']> {
  const query = questions.query.map((name) => `${name}=sent`).join('&');
  const cookies = questions.cookies.map((name) => `${name}=sent`).join('; ');
  const fields = Object.fromEntries(questions.headers.map((name) => [name, 'sent']));
  const { received } = await edge.ask(`${fresh(path)}?${query}`, { headers: { ...fields, cookie: cookies } });
  const { url = '', headers = {} } = received ?? {};
  return {
    query: questions.query.filter((name) => url.includes(`${name}=sent`)),
    headers: questions.headers.filter((name) => headers[name] === 'sent'),
    cookies: questions.cookies.filter((name) => headers.cookie?.includes(`${name}=sent`)),
  };
}

async function compressionOf(edge: Edge, path: string): Promise<string[]> {
  edge.answerWith(200, { 'cache-control': 'max-age=60' });
  const codings: string[] = [];
  for (const coding of questions.codings) {
    const answer = await edge.ask(fresh(path), { headers: { 'accept-encoding': coding } });
    if (answer.coding === coding) codings.push(coding);
  }
  return codings;
}

async function start(scope: Scope, access: EdgeSettings): Promise<Edge> {
  let answer: { status: number; headers: OutgoingHttpHeaders } = { status: 200, headers: {} };
  let received: Received | undefined;
  let [elapsed, ran]: [number, string[]] = [0, []];
  const origin = createServer((request, response) => {
    received = { url: request.url, headers: request.headers };
    request.resume();
    const length = Buffer.byteLength(body);
    response.writeHead(answer.status, {
      // The origin's time passes, too: an answer from the past is old.
      date: new Date(Date.now() + elapsed).toUTCString(),
      'content-type': 'text/plain',
      'content-length': length,
      ...answer.headers,
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
  const functions: EdgeFunctions = {
    async run(name, event, { target, headers }, response) {
      ran.push(`${event} ${name}`);
      return response ? { kind: 'response', ...response } : { kind: 'request', target, headers };
    },
  };
  const edge = await openEdge(
    {
      port: 0,
      plan: {
        access: {
          ...access,
          origins: Object.fromEntries(Object.keys(access.origins).map((name) => [name, { gateway: true }])),
        },
      },
      folders: {},
      gateway: { host: '127.0.0.1', port: (origin.address() as AddressInfo).port },
    },
    {
      functions,
      clock: { now: () => Date.now() + elapsed, monotonic: () => performance.now() + elapsed },
    },
  );
  scope.after(async () => {
    await edge.close();
    origin.closeAllConnections();
    await new Promise((resolve) => origin.close(resolve));
  });
  return {
    ask: (target, { method = 'GET', headers = {} } = {}) =>
      new Promise((resolve, reject) => {
        received = undefined;
        const { host, port } = edge.address;
        const viewer = send({ host, port, path: target, method, headers }, (response) => {
          response.resume();
          response.once('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              coding: response.headers['content-encoding'] ?? '',
              received,
            }),
          );
        });
        viewer.once('error', reject);
        viewer.end();
      }),
    answerWith: (status, headers) => {
      answer = { status, headers };
    },
    wait: (seconds) => {
      elapsed += seconds * 1000;
    },
    ran: () => ran.splice(0),
  };
}
