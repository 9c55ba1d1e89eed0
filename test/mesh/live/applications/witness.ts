import { once } from 'node:events';
import { createServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Address } from '../../../../src/mesh/environment.ts';
import type { IssuedCertificate } from '../../../../src/security/certificates/certificate.ts';
import { afterwards, freePort, type Lifetime } from '../../../engines.ts';

/**
 * Starts an HTTPS application that answers each request with the serial number of its client's certificate, and takes
 * each on a connection of its own, so that a new certificate is seen at once.
 */
export async function startWitness(
  lifetime: Lifetime,
  own: IssuedCertificate,
  authority: string,
): Promise<Address> {
  const address = { host: '127.0.0.1', port: await freePort() };
  const server = createServer(
    { cert: own.chain, key: own.key, ca: authority, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      const { serialNumber } = (request.socket as TLSSocket).getPeerCertificate();
      response.writeHead(200, { connection: 'close' }).end(serialNumber);
    },
  ).listen(address.port, address.host);
  await once(server, 'listening');
  afterwards(lifetime, async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  return address;
}
