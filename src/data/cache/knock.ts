import { connect } from 'node:net';

/** What a server's port says: something listens, the system refuses, or nothing is heard. */
export type Knock = 'open' | 'refused' | 'silent';

/** Tries the port of a `redis://` address, for at most `timeout` milliseconds. Far cheaper than a driver's connection. */
export function knock(url: string, timeout: number): Promise<Knock> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 6379) });
    const finish = (result: Knock) => {
      socket.destroy();
      resolve(result);
    };
    // After a stall of this process the socket gets its turn before it counts as silent.
    socket.setTimeout(timeout, () => setImmediate(() => setImmediate(() => finish('silent'))));
    socket.once('connect', () => finish('open'));
    socket.once('error', () => finish('refused'));
  });
}
