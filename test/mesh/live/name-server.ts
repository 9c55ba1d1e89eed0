import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Address } from '../../../src/mesh/environment.ts';
import { afterwards, type Lifetime } from '../../engines.ts';

/** A DNS server over UDP (RFC 1035) that knows a few host names. */
export interface NameServer {
  readonly address: Address;
  /** Questions so far, such as 'pair.test A'. */
  readonly questions: readonly string[];
  /** Gives a name its IPv4 addresses from now on, in this order. */
  set(name: string, ...addresses: readonly string[]): void;
}

const types: Readonly<Record<number, string>> = { 1: 'A', 28: 'AAAA' };
const headerLength = 12;
/** Seconds an answer may be kept. */
const timeToLive = 1;

/** Starts the server. What it does not know does not exist (NXDOMAIN); AAAA records it has none. */
export async function startNameServer(lifetime: Lifetime): Promise<NameServer> {
  const known = new Map<string, readonly string[]>();
  const questions: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const { name, type, end } = questionOf(query);
    questions.push(`${name} ${types[type] ?? type}`);
    const addresses = known.get(name);
    const answers = type === 1 ? (addresses ?? []).map(addressRecord) : [];
    const header = Buffer.alloc(headerLength);
    query.copy(header, 0, 0, 2);
    // A response, recursion desired and available; 3 is NXDOMAIN.
    header.writeUInt16BE(0x8180 | (addresses ? 0 : 3), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    socket.send(
      Buffer.concat([header, query.subarray(headerLength, end), ...answers]),
      from.port,
      from.address,
    );
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  afterwards(lifetime, async () => {
    socket.close();
    await once(socket, 'close');
  });
  return {
    address: { host: '127.0.0.1', port: socket.address().port },
    questions,
    set: (name, ...addresses) => {
      known.set(name, addresses);
    },
  };
}

/** The first question, and where it ends. */
function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let offset = headerLength;
  for (let length = query[offset] ?? 0; length > 0; length = query[offset] ?? 0) {
    labels.push(query.toString('latin1', offset + 1, offset + 1 + length));
    offset += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(offset + 1), end: offset + 5 };
}

/** An A record of the name asked for (a pointer to it). */
function addressRecord(address: string): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt16BE(0xc000 | headerLength, 0);
  record.writeUInt16BE(1, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(timeToLive, 6);
  record.writeUInt16BE(4, 10);
  for (const [index, part] of address.split('.').entries()) record[12 + index] = Number(part);
  return record;
}
