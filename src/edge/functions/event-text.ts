import { isUtf8 } from 'node:buffer';

const ascii = /^[\t\x20-\x7e]*$/;

/**
 * What came on the wire as text: its bytes read as UTF-8 where they are that, else as ISO 8859-1.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-encoding
 * @param wire one character a byte, as node:http has it
 */
export function textOf(wire: string): string {
  if (ascii.test(wire)) return wire;
  const bytes = Buffer.from(wire, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : wire;
}

/** Text as the bytes of its UTF-8, one character a byte. */
export function wireOf(text: string): string {
  return ascii.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}
