import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Address } from '../../../../src/mesh/environment.ts';
import { afterwards, freePort, type Lifetime } from '../../../engines.ts';

/** A small TCP application. */
export interface TcpApplication {
  readonly address: Address;
  /** Connections open now. */
  readonly open: number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Starts an application that answers each line with its name and the line. The server never speaks first. */
export async function startTcpApplication(lifetime: Lifetime, name: string): Promise<TcpApplication> {
  const address = { host: '127.0.0.1', port: await freePort() };
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => {});
    socket.on('data', (line) => socket.write(`${name}: ${line}`));
  });
  const start = async () => {
    server.listen(address.port, address.host);
    await once(server, 'listening');
  };
  const stop = async () => {
    if (!server.listening) return;
    server.close();
    for (const socket of open) socket.destroy();
    await once(server, 'close');
  };
  await start();
  afterwards(lifetime, stop);
  return {
    address,
    get open() {
      return open.size;
    },
    stop,
    start,
  };
}
