import { once } from 'node:events';
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2';
import { trusted } from './protocol-fixture.ts';

interface Cleanup {
  after(fn: () => Promise<void> | void): void;
}

/** A session that trusts the test's authority; what breaks it is no failure by itself. */
export function client(t: Cleanup, port: number): ClientHttp2Session {
  const session = connect(`https://127.0.0.1:${port}`, { ca: trusted });
  session.on('error', () => undefined);
  t.after(() => session.destroy());
  return session;
}

/** Sends a request and reads all of its answer. */
export async function ask(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string | Buffer) {
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const chunks: Buffer[] = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  const [answer] = await once(stream, 'response');
  if (!stream.readableEnded) await once(stream, 'end');
  return { headers: answer, status: answer[':status'], body: Buffer.concat(chunks) };
}
