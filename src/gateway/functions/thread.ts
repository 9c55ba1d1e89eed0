import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { limits } from '../../model/limits.ts';
import type { Invocation, ThreadData, ThreadMessage } from './definition.ts';

/**
 * The program of a function's thread: loads the function once and gives it one event after the other, as the vendor's
 * runtime does. What the function throws is written to its own log, and only that there was an error leaves the thread.
 */
type Handler = (event: unknown, context: object) => unknown;

const { name, file, memory } = workerData as ThreadData;
const tell = (message: ThreadMessage) => parentPort?.postMessage(message);

const { handler } = (await import(pathToFileURL(file).href)) as { handler: Handler };
if (typeof handler !== 'function') throw new Error(`${name}: its module exports no handler`);

parentPort?.on('message', async ({ requestId, event, deadline }: Invocation) => {
  const context = {
    functionName: name,
    functionVersion: '$LATEST',
    memoryLimitInMB: String(memory),
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  try {
    const text = JSON.stringify((await handler(JSON.parse(event), context)) ?? null);
    const fits = Buffer.byteLength(text) <= limits.functionPayload.value;
    tell(fits ? { kind: 'result', text } : { kind: 'fault', reason: 'size' });
  } catch (error) {
    console.error(error);
    tell({ kind: 'fault', reason: 'error' });
  }
});
tell({ kind: 'ready' });
