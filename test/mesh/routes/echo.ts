import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Address } from '../../../src/mesh/environment.ts';
import { afterwards, type Lifetime } from '../../engines.ts';

/** Starts an application that answers with the Host and the path it got. */
export async function startEcho(lifetime: Lifetime): Promise<Address> {
  const server = createServer(({ headers, url }, response) => response.end(`${headers.host}${url}`));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterwards(lifetime, async () => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return { host: '127.0.0.1', port: address.port };
}
