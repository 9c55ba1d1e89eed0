import { once } from 'node:events';
import { connect } from 'node:net';

/** Evicts cache entries by key; what is asked for within one turn of the event loop goes out together. */
export interface Eviction {
  evict(key: string): void;
  close(): Promise<void>;
}

/**
 * Opens a connection to the cache that does nothing but evict. It speaks RESP by itself: the load shares the cores
 * with what it measures, and a client library's bookkeeping for a reply that nobody reads would be a cost of the row.
 * Source: https://valkey.io/topics/protocol/
 */
export async function openEviction(url: string): Promise<Eviction> {
  const { hostname, port, username, password } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, 'connect');
  let waiting = '';
  let refused: Error | undefined;
  const flush = () => {
    if (waiting !== '') socket.write(waiting);
    waiting = '';
  };
  socket.on('error', (error) => {
    refused ??= error;
  });
  socket.on('data', (replies: Buffer) => {
    if (replies.includes('-'))
      refused ??= new Error(`the cache refused an eviction: ${replies.toString('latin1').trim()}`);
  });
  if (password !== '') {
    const user = username === '' ? [] : [decodeURIComponent(username)];
    socket.write(command('AUTH', ...user, decodeURIComponent(password)));
  }
  return {
    evict(key) {
      if (waiting === '') setImmediate(flush);
      waiting += command('UNLINK', key);
    },
    async close() {
      flush();
      socket.end();
      if (!socket.destroyed) await once(socket, 'close');
      if (refused) throw refused;
    },
  };
}

/** A command as an array of bulk strings. */
function command(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}
