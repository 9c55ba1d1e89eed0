import { once } from 'node:events';
import { type ConnectionOptions, connect } from 'node:tls';
import type { Address } from '../../../../src/mesh/environment.ts';

/** The serial number of the certificate a server shows; rejects when the handshake fails. */
export async function shownSerial(to: Address, options: ConnectionOptions = {}): Promise<string> {
  const socket = connect({ ...to, rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}
