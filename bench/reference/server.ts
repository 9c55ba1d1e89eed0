import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A bare reference server in a process of its own. */
export interface ReferenceServer {
  readonly host: string;
  readonly port: number;
  stop(): void;
}

/** Starts one of the reference programs in this folder and waits until it listens. */
export async function startReference(
  program: 'http-server' | 'http-proxy',
  environment: Record<string, string>,
): Promise<ReferenceServer> {
  const child: ChildProcess = fork(fileURLToPath(new URL(`./${program}.ts`, import.meta.url)), {
    env: { PATH: process.env.PATH, ...environment },
  });
  const [address] = await once(child, 'message');
  return { host: '127.0.0.1', port: address.port, stop: () => child.kill('SIGKILL') };
}
