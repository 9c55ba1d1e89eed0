import { flushCompileCache } from 'node:module';
import { pathToFileURL } from 'node:url';
import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { claim, claimsOf } from './claims.ts';
import type { EnvironmentData, EnvironmentMessage, EventMessage } from './environment.ts';
import { functionLimits } from './limits.ts';

/**
 * A worker that runs one function: one event at a time, in the order they come, as an execution environment of
 * Lambda does. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */

type Handler = (event: unknown, context: unknown) => unknown;

const data: EnvironmentData = workerData;
const { module, name, memory, timeout, configuration, claims: shared } = data;
const port = parentPort ?? outside();
const claims = claimsOf(shared);
const waiting: EventMessage[] = [];
let running = false;
const collect = globalThis.gc;

Reflect.deleteProperty(globalThis, 'gc');
delete process.env.NODE_COMPILE_CACHE;
// The build for an account puts it in its place in the text.
Object.defineProperty(globalThis, 'CONFIGURATION', { value: configuration });

const loaded: { handler?: Handler } = await import(pathToFileURL(module).href);
if (typeof loaded.handler !== 'function') throw new Error(`${name} exports no function handler`);
const { handler } = loaded;

port.on('message', (message: EventMessage) => {
  waiting.push(message);
  if (!running) void runWaiting();
});
tell('ready');
// A worker is stopped, and what it has compiled would be lost.
flushCompileCache();

async function runWaiting(): Promise<void> {
  running = true;
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [number, requestId, json] = next;
    if (!claim(claims, number)) {
      tell('passed');
      continue;
    }
    try {
      const returned = handler(JSON.parse(json), contextOf(requestId));
      const message = answer(number, isPromise(returned) ? await returned : returned);
      tell(exceeds() ? 'exceeded' : message);
    } catch (error) {
      tell([number, 'failed', error instanceof Error ? `${error.name}: ${error.message}` : String(error)]);
    }
  }
  running = false;
}

function answer(number: number, returned: unknown): EnvironmentMessage {
  const json: string | undefined = JSON.stringify(returned);
  if (json === undefined || json.length <= functionLimits.payload) return [number, 'returned', json];
  return [number, 'invalid', `it has ${json.length} characters`];
}

/** Whether it holds more in buffers than it may: the bound of a worker's heap is not theirs. */
function exceeds(): boolean {
  const bound = memory * 1024 ** 2;
  if (getHeapStatistics().external_memory <= bound) return false;
  collect?.();
  return getHeapStatistics().external_memory > bound;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function contextOf(awsRequestId: string): unknown {
  const end = performance.now() + timeout;
  return {
    functionName: name,
    functionVersion: '1',
    memoryLimitInMB: String(memory),
    awsRequestId,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(end - performance.now())),
  };
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value;
}

function outside(): never {
  throw new Error('this runs in a worker');
}

function tell(message: EnvironmentMessage): void {
  port.postMessage(message);
}
