import { request } from 'node:http';

/** A function that does what the path of its event says. */

declare const CONFIGURATION: { readonly greeting?: string };

interface Event {
  readonly Records: readonly [
    {
      readonly cf: {
        readonly request: { uri: string; querystring: string; headers: Record<string, unknown> };
      };
    },
  ];
}

interface Context {
  readonly functionName: string;
  readonly getRemainingTimeInMillis: () => number;
}

let running = 0;
const held: (number[] | Buffer)[] = [];

const answer = (body: unknown) => ({ status: '200', statusDescription: 'OK', body: JSON.stringify(body) });

const scripts: Record<string, (event: Event, context: Context) => unknown> = {
  '/pass': (event) => event.Records[0].cf.request,
  '/later': async (event) => {
    running += 1;
    await new Promise((resolve) => setTimeout(resolve, 30));
    const together = running;
    running -= 1;
    return answer({ together, query: event.Records[0].cf.request.querystring });
  },
  '/about': (_, context) =>
    answer({
      name: context.functionName,
      remaining: context.getRemainingTimeInMillis(),
      configuration: CONFIGURATION,
      environment: Object.keys(process.env).toSorted(),
    }),
  '/loop': () => {
    for (;;);
  },
  '/never': () => new Promise(() => {}),
  '/throw': () => {
    throw new TypeError('on purpose');
  },
  '/reject': async () => {
    throw new Error('later on purpose');
  },
  '/exit': () => process.exit(0),
  '/behind': (event) => {
    setTimeout(() => {
      throw new Error('behind the back');
    }, 1);
    return event.Records[0].cf.request;
  },
  '/linger': (event) => {
    const { request: sent } = event.Records[0].cf;
    // Runs when the answer is given already.
    queueMicrotask(() => {
      const end = performance.now() + Number(sent.querystring);
      while (performance.now() < end);
    });
    return sent;
  },
  '/greedy': () => {
    for (;;) held.push(Array.from({ length: 100_000 }, Math.random));
  },
  /** More than there is, in one go: V8 ends the process over it. */
  '/gulp': () => answer('x'.repeat(450_000_000)),
  '/kill': (event) => {
    process.kill(process.pid, 'SIGKILL');
    return event.Records[0].cf.request;
  },
  '/buffers': (event) => {
    held.push(Buffer.alloc(200_000_000, 1));
    return event.Records[0].cf.request;
  },
  '/soak': () => {
    held.push(Buffer.alloc(200_000_000, 1));
    for (;;);
  },
  /** Never more than 20 MB at a time, and more than a worker may have altogether. */
  '/garbage': (event) => {
    let size = 0;
    for (let index = 0; index < 12; index += 1) size += Buffer.alloc(20_000_000, 1).length;
    return size > 0 ? event.Records[0].cf.request : undefined;
  },
  '/huge': () => answer('x'.repeat(7 * 1024 * 1024)),
  '/nothing': () => undefined,
  '/circular': () => {
    const one: Record<string, unknown> = {};
    one.self = one;
    return one;
  },
  '/print': (event) => {
    console.log('seen %s', event.Records[0].cf.request.querystring);
    return event.Records[0].cf.request;
  },
  '/call': (event) =>
    new Promise((resolve, reject) => {
      const port = Number(event.Records[0].cf.request.querystring);
      request({ host: '127.0.0.1', port, path: '/elsewhere' }, (response) => {
        response.setEncoding('utf8').on('data', (text: string) => resolve(answer(text)));
      })
        .on('error', reject)
        .end();
    }),
};

export const handler = (event: Event, context: Context): unknown =>
  scripts[event.Records[0].cf.request.uri]?.(event, context);
