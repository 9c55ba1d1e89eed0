import type { Listener } from '../../../src/edge/protocol/listener.ts';
import { eventually } from '../../eventually.ts';
import { secure } from './protocol-fixture.ts';

interface Cleanup {
  after(fn: () => Promise<void> | void): void;
}

/** Types of frames (RFC 9113, section 6). */
export const frames = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;
type FrameType = keyof typeof frames;

export const endStream = 1;
export const acknowledgement = 1;
export const endHeaders = 4;

/** One frame. */
export interface Frame {
  readonly type: FrameType;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** The bytes of a frame. */
export function frame(
  type: FrameType,
  stream: number,
  flags = 0,
  payload: Uint8Array = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(frames[type], 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** 32 bits. */
export function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A header block in HPACK without compression: each field a literal that is not indexed (RFC 7541, section 6.2.2). */
export function block(
  fields: Readonly<Record<string, string>> | readonly (readonly [string, string])[],
): Buffer {
  const pairs = Array.isArray(fields) ? fields : Object.entries(fields);
  const text = (value: string) => {
    const bytes = Buffer.from(value, 'latin1');
    return Buffer.concat([bytes.length < 127 ? Buffer.of(bytes.length) : long(bytes.length), bytes]);
  };
  return Buffer.concat(pairs.map(([name, value]) => Buffer.concat([Buffer.of(0), text(name), text(value)])));
}

/** A length of 127 or more (RFC 7541, section 5.1). */
function long(length: number): Buffer {
  const bytes = [127];
  let rest = length - 127;
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

/** A request's fields, with others in their place or beside them. */
export function requestBlock(others: Readonly<Record<string, string>> = {}): Buffer {
  const pseudo = { ':method': 'GET', ':scheme': 'https', ':path': '/', ':authority': 'a' };
  return block({ ...pseudo, ...others });
}

/** A connection of HTTP/2 with nothing but bytes: preface and SETTINGS have been sent. */
export async function rawHttp2(t: Cleanup, { port }: Pick<Listener, 'port'>) {
  const connection = await secure(t, port, 'h2');
  connection.socket.write(
    Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame('settings', 0)]),
  );
  const frames = () => framesOf(connection.received());
  return {
    ...connection,
    send: (...parts: Buffer[]) => connection.socket.write(Buffer.concat(parts)),
    frames,
    /** Waits for a frame of a type. */
    next: (type: FrameType, stream?: number) =>
      eventually(() => {
        const found = frames().find((one) => one.type === type && (stream ?? one.stream) === one.stream);
        if (!found) throw new Error(`no ${type} frame among ${frames().map((one) => one.type)}`);
        return found;
      }),
    /** The error code of the connection's GOAWAY, once it is closed. */
    async refusal() {
      await connection.closed;
      return frames()
        .filter(({ type }) => type === 'goaway')
        .map(({ payload }) => payload.readUInt32BE(4))
        .at(-1);
    },
  };
}

function framesOf(bytes: Buffer): Frame[] {
  const found: Frame[] = [];
  for (let at = 0; at + 9 <= bytes.length; ) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    if (end > bytes.length) break;
    const number = bytes.readUInt8(at + 3);
    const [type = 'data'] = Object.entries(frames).find(([, value]) => value === number) ?? [];
    found.push({
      type: type as FrameType,
      flags: bytes.readUInt8(at + 4),
      stream: bytes.readUInt32BE(at + 5),
      payload: bytes.subarray(at + 9, end),
    });
    at = end;
  }
  return found;
}
