import { require } from './invalid-result.ts';

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * A body's bytes.
 * @param encoding text when left out
 * @throws InvalidResult when it is not in the encoding it says
 */
export function resultBody(data: unknown, encoding: unknown): Buffer {
  require(typeof data === 'string', 'the body is not text');
  require(encoding === undefined || encoding === 'text' || encoding === 'base64', 'no such body encoding');
  if (encoding !== 'base64') return Buffer.from(data, 'utf8');
  require(base64.test(data) && data.length % 4 === 0, 'the body is not base64');
  return Buffer.from(data, 'base64');
}
