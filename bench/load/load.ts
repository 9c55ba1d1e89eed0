import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadResult } from './protocol.ts';

/** Runs an HTTP load in a process of its own, so that it shares no event loop with anything under test. */
export function load(order: LoadOrder): Promise<LoadResult> {
  return runInProcess(new URL('./process.ts', import.meta.url), order);
}

/** Hands an order to a program of its own and settles with the one result it answers. */
export async function runInProcess(program: URL, order: object): Promise<LoadResult> {
  const child = fork(fileURLToPath(program), { execArgv: ['--max-semi-space-size=32'] });
  const exited = once(child, 'exit').then(() => {
    throw new Error('the load process ended before it had a result');
  });
  exited.catch(() => {});
  child.send(order);
  const [result] = await Promise.race([once(child, 'message'), exited]);
  return result as LoadResult;
}
