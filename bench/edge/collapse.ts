import { once } from 'node:events';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Address } from '../../src/targets/local/process.ts';

/** Milliseconds the origin takes, while all callers come. */
const answerTime = 1000;

/** An origin whose answers may be kept, and how often it was asked. */
export async function startCountingOrigin() {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    setTimeout(() => {
      response.writeHead(200, { 'cache-control': 'public, max-age=60' }).end('answer');
    }, answerTime);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { host: '127.0.0.1', port, asked: () => asked, stop: () => server.close().closeAllConnections() };
}

/** Has so many callers ask for the same at once. @throws when one gets another answer than the origin's */
export async function callAtOnce({ host, port }: Address, path: string, callers: number): Promise<void> {
  const agent = new Agent({ maxSockets: callers });
  const answers = Array.from({ length: callers }, async () => {
    const [response] = await once(get({ host, port, path, agent }), 'response');
    const body = String(await buffer(response));
    if (response.statusCode !== 200 || body !== 'answer') throw new Error(`${response.statusCode} ${body}`);
  });
  await Promise.all(answers);
  agent.destroy();
}
