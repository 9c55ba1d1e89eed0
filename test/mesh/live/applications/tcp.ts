import { createServer } from 'node:net';
import type { Address } from '../../../../src/mesh/environment.ts';
import { freePort, type Lifetime } from '../../../engines.ts';
import { type Restartable, startRestartable } from './restartable.ts';

/** A small TCP application. */
export interface TcpApplication extends Restartable {
  readonly address: Address;
}

/** Starts an application that answers each line with its name and the line. The server never speaks first. */
export async function startTcpApplication(lifetime: Lifetime, name: string): Promise<TcpApplication> {
  const address = { host: '127.0.0.1', port: await freePort() };
  const server = createServer((socket) => {
    socket.on('data', (line) => socket.write(`${name}: ${line}`));
  });
  return Object.assign(await startRestartable(lifetime, server, address), { address });
}
