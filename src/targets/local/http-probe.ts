import { request } from 'node:http';
import type { Address } from './process.ts';

/** Milliseconds one question may take. */
const timeout = 1500;

/** What was answered. */
export interface ProbeAnswer {
  readonly status: number;
  readonly body: string;
}

/** Asks an HTTP server on a connection of its own. @throws Error when no answer comes in time */
export function ask(address: Address, path: string): Promise<ProbeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ProbeAnswer>();
  const outgoing = request({ ...address, path, agent: false, timeout }, (incoming) => {
    let body = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (text: string) => {
      body += text;
    });
    incoming.on('error', reject);
    incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body }));
  });
  outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${timeout} ms`)));
  outgoing.on('error', reject);
  outgoing.end();
  return promise;
}

/** A probe that is content with one status. */
export function expectStatus(address: Address, path: string, status: number): () => Promise<void> {
  return async () => {
    const answer = await ask(address, path);
    if (answer.status !== status) throw new Error(`${path} was answered ${answer.status}`);
  };
}

/** A probe that is content with any answer: the process is not hung. */
export function expectAnswer(address: Address, path: string): () => Promise<void> {
  return async () => {
    await ask(address, path);
  };
}
