import { once } from 'node:events';
import { connect } from 'node:net';
import type { Address } from '../../../../src/mesh/environment.ts';
import { afterwards, type Lifetime } from '../../../engines.ts';

/** A TCP connection to an application that answers lines. */
export interface Line {
  /** Sends a line and gives what is answered; rejects when the connection ends instead. */
  say(text: string): Promise<string>;
  /** Whether the connection has ended. */
  readonly closed: boolean;
  close(): void;
}

/** Opens a connection; it ends with the test. */
export function openLine(lifetime: Lifetime, to: Address): Line {
  const socket = connect({ ...to, noDelay: true });
  socket.setEncoding('utf8').on('error', () => {});
  const end = once(socket, 'close').then(() => Promise.reject(new Error('the connection has ended')));
  end.catch(() => {});
  afterwards(lifetime, async () => socket.destroy());
  return {
    say: async (text) => {
      const answer = once(socket, 'data');
      socket.write(`${text}\n`);
      const [line] = await Promise.race([answer, end]);
      return line.trim();
    },
    get closed() {
      return socket.closed;
    },
    close: () => socket.destroy(),
  };
}
