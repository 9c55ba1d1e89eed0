import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadResult } from './protocol.ts';

const entry = fileURLToPath(new URL('./process.ts', import.meta.url));

/** Runs a load in a process of its own, so that it shares no event loop with anything under test. */
export async function load(order: LoadOrder): Promise<LoadResult> {
  const child = fork(entry, { execArgv: ['--max-semi-space-size=32'] });
  const exited = once(child, 'exit').then(() => {
    throw new Error('the load process ended before it had a result');
  });
  exited.catch(() => {});
  child.send(order);
  const [result] = await Promise.race([once(child, 'message'), exited]);
  return result as LoadResult;
}
