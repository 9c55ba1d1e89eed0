import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import type { Address } from '../../../../src/mesh/environment.ts';
import { afterwards, type Lifetime } from '../../../engines.ts';

/** A server that can go away with all its connections, and come back at its address. */
export interface Restartable {
  /** Connections open now. */
  readonly open: number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Starts a server at an address; it is stopped at the lifetime's end. */
export async function startRestartable(
  lifetime: Lifetime,
  server: Server,
  address: Address,
): Promise<Restartable> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => {});
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
    get open() {
      return open.size;
    },
    stop,
    start,
  };
}
