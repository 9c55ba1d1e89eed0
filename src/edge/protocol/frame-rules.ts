import { constants } from 'node:http2';
import type { ProtocolLimits } from './limits.ts';

/** A frame's header (RFC 9113, section 4.1), and its payload where that is eight bytes or fewer. */
export interface Frame {
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Uint8Array;
}

/** What becomes of a frame: it is passed on, left out, or ends the connection with an error code. */
export type Verdict = 'pass' | 'drop' | { readonly error: number };

/** What one connection's frames are judged by, in the order they come. */
export interface FrameRules {
  judge(frame: Frame): Verdict;
  /** Tells that a stream is over on our side; what its sender still sends is let pass for a while. */
  settle(stream: number): void;
  /** Counts something that cost us more than the viewer. @returns whether it was too much */
  charge(): boolean;
}

const type = {
  data: 0x0,
  headers: 0x1,
  priority: 0x2,
  reset: 0x3,
  settings: 0x4,
  ping: 0x6,
  windowUpdate: 0x8,
  continuation: 0x9,
} as const;

const flag = { endStream: 0x1, acknowledgement: 0x1, endHeaders: 0x4 } as const;

const passed: Verdict = 'pass';
const protocolError: Verdict = { error: constants.NGHTTP2_PROTOCOL_ERROR };
const streamClosed: Verdict = { error: constants.NGHTTP2_STREAM_CLOSED };
const calmDown: Verdict = { error: constants.NGHTTP2_ENHANCE_YOUR_CALM };

/** Streams that are remembered after their end. */
const memory = 256;
/** A window that grows by less than this costs more than it brings. Bytes. */
const smallIncrement = 1024;

/**
 * The rules of RFC 9113 that Node's HTTP/2 (nghttp2) does not enforce, because it forgets a stream at its end, and the
 * bounds on frames that are allowed and yet an attack. All else is left to nghttp2.
 */
export function createFrameRules(
  limits: Pick<ProtocolLimits, 'continuations' | 'nuisanceBurst' | 'nuisanceRate'>,
  now: () => number = () => performance.now(),
): FrameRules {
  let highest = 0;
  /** Streams whose viewer has not said that it is done. */
  const sending = new Set<number>();
  /** Those of them that are over on our side, oldest first. */
  const settled = new Set<number>();
  /** The latest streams of all. */
  const used = new Set<number>();
  let continuations = 0;
  let allowance: number = limits.nuisanceBurst;
  let chargedAt = now();

  function charge(): boolean {
    const at = now();
    allowance = Math.min(limits.nuisanceBurst, allowance + ((at - chargedAt) / 1000) * limits.nuisanceRate);
    chargedAt = at;
    allowance -= 1;
    return allowance < 0;
  }
  const charged = (): Verdict => (charge() ? calmDown : passed);

  function end(stream: number): void {
    sending.delete(stream);
    settled.delete(stream);
  }

  function data({ stream, flags, length }: Frame): Verdict {
    // Section 5.1: after END_STREAM or RST_STREAM nothing but PRIORITY, WINDOW_UPDATE and RST_STREAM may come.
    if (stream <= highest && stream % 2 === 1 && !sending.has(stream)) return streamClosed;
    const last = (flags & flag.endStream) !== 0;
    if (last) end(stream);
    return length === 0 && !last ? charged() : passed;
  }

  function headers({ stream, flags }: Frame): Verdict {
    continuations = 0;
    if (stream % 2 === 0) return passed;
    if (stream <= highest && !sending.has(stream)) {
      // Section 5.1.1: the identifier of a new stream is greater than all before.
      return used.has(stream) ? streamClosed : protocolError;
    }
    if (stream > highest) {
      highest = stream;
      remember(used, stream);
      sending.add(stream);
    }
    if ((flags & flag.endStream) !== 0) end(stream);
    return passed;
  }

  return {
    charge,
    settle(stream) {
      if (!sending.has(stream)) return;
      const forgotten = remember(settled, stream);
      if (forgotten !== undefined) sending.delete(forgotten);
    },
    judge(frame) {
      switch (frame.type) {
        case type.data:
          return data(frame);
        case type.headers:
          return headers(frame);
        case type.continuation:
          continuations += 1;
          return continuations > limits.continuations ? calmDown : passed;
        case type.priority:
          // Section 6.3, and RFC 7540, section 5.3.1: no stream depends on itself.
          if (frame.stream === 0 || numberAt(frame.payload) === frame.stream) return protocolError;
          return charged();
        case type.reset:
          end(frame.stream);
          return charged();
        case type.ping:
          // We send none, so this acknowledges nothing; nghttp2's user would end the connection over it.
          if (frame.length === 8 && frame.stream === 0 && (frame.flags & flag.acknowledgement) !== 0)
            return 'drop';
          return charged();
        case type.settings:
          return (frame.flags & flag.acknowledgement) !== 0 ? passed : charged();
        case type.windowUpdate: {
          const increment = numberAt(frame.payload) ?? 0;
          return increment < smallIncrement ? charged() : passed;
        }
        default:
          return charged();
      }
    },
  };
}

/** Adds to a set that keeps its latest members. @returns the one that had to go */
function remember(set: Set<number>, stream: number): number | undefined {
  set.add(stream);
  if (set.size <= memory) return undefined;
  const [oldest] = set;
  if (oldest !== undefined) set.delete(oldest);
  return oldest;
}

/** The 31 bits a payload begins with. */
function numberAt(payload: Uint8Array): number | undefined {
  if (payload.length < 4) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset);
  return view.getUint32(0) & 0x7fff_ffff;
}
