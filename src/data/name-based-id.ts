import { hash } from 'node:crypto';

/** The namespace of the ids Strata derives: a UUID made once, at random. */
const namespace = Buffer.from('8d3e6c1d5b0a4f0f9a53c6f1d1b7e4a2', 'hex');

/** The UUID that a name always gets: version 5 (RFC 9562, section 5.5). */
export function nameBasedId(name: string): string {
  const bytes = hash('sha1', Buffer.concat([namespace, Buffer.from(name)]), 'buffer').subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
