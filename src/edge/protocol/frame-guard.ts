import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Frame, FrameRules } from './frame-rules.ts';

/** What a guarded connection tells. */
export interface GuardOptions {
  readonly rules: FrameRules;
  /** Milliseconds from the first byte of a header block, or of any frame but DATA, to its last. */
  readonly headersTimeout: number;
  /** A rule was broken; nothing is passed on any more. `error` is the code of HTTP/2 (RFC 9113, section 7). */
  readonly refuse: (error: number) => void;
  readonly timedOut: () => void;
}

/** The client connection preface (RFC 9113, section 3.4). */
const prefaceLength = 24;
const headLength = 9;
/** Payloads up to this length are judged with their frame. */
const shortPayload = 8;
const none = Buffer.alloc(0);

const dataFrame = 0x0;
const headersFrame = 0x1;
const continuationFrame = 0x9;
const endHeaders = 0x4;

/**
 * A connection whose incoming HTTP/2 frames have been judged: a duplex stream for an HTTP/2 session to be put on. The
 * payload of a long frame is passed on as it comes; what is held back is never more than a frame's header and eight bytes.
 */
export function guardFrames(socket: TLSSocket, options: GuardOptions): Duplex {
  const { rules, headersTimeout, refuse, timedOut } = options;
  let held: Buffer = none;
  /** Bytes to pass on before the next frame begins. */
  let remaining = prefaceLength;
  let inData = false;
  let inBlock = false;
  let refused = false;
  let timer: NodeJS.Timeout | undefined;

  const guarded = new Duplex({
    // The socket's side ends by itself when ours does.
    allowHalfOpen: true,
    read: () => void socket.resume(),
    write: (chunk, encoding, done) => void socket.write(chunk, encoding, done),
    // The frames of one answer become one TLS record.
    writev: (chunks, done) => void socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      clearTimeout(timer);
      if (!socket.destroyed) socket.destroy();
      done(error);
    },
  });

  function pass(bytes: Buffer): void {
    if (bytes.length > 0 && !guarded.push(bytes)) socket.pause();
  }

  /** Judges the frame whose header stands at `at`. @returns where the frame's unjudged part begins, or undefined: more is needed */
  function judgeAt(bytes: Buffer, at: number): number | undefined | 'drop' | 'refused' {
    if (bytes.length - at < headLength) return undefined;
    const length = bytes.readUIntBE(at, 3);
    const judged = length <= shortPayload ? length : 0;
    if (bytes.length - at < headLength + judged) return undefined;
    const frame: Frame = {
      length,
      type: bytes.readUInt8(at + 3),
      flags: bytes.readUInt8(at + 4),
      stream: bytes.readUInt32BE(at + 5) & 0x7fff_ffff,
      payload: bytes.subarray(at + headLength, at + headLength + judged),
    };
    const verdict = rules.judge(frame);
    if (verdict === 'drop') return 'drop';
    if (verdict !== 'pass') {
      refused = true;
      refuse(verdict.error);
      return 'refused';
    }
    inData = frame.type === dataFrame;
    if (frame.type === headersFrame || frame.type === continuationFrame)
      inBlock = (frame.flags & endHeaders) === 0;
    remaining = length - judged;
    return at + headLength + judged;
  }

  function take(chunk: Buffer): void {
    if (refused) return;
    const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    held = none;
    let from = 0;
    let at = 0;
    while (at < bytes.length) {
      if (remaining > 0) {
        const step = Math.min(remaining, bytes.length - at);
        remaining -= step;
        at += step;
        continue;
      }
      const next = judgeAt(bytes, at);
      if (next === 'refused') {
        clearTimeout(timer);
        return;
      }
      if (next === undefined) {
        held = Buffer.from(bytes.subarray(at));
        break;
      }
      if (next === 'drop') {
        pass(bytes.subarray(from, at));
        at += headLength + bytes.readUIntBE(at, 3);
        from = at;
      } else {
        at = next;
      }
    }
    pass(from === 0 && at === bytes.length ? bytes : bytes.subarray(from, at));
    watch();
  }

  /** A header block that comes byte by byte is given up, whatever the pace. */
  function watch(): void {
    const unfinished = held.length > 0 || inBlock || (remaining > 0 && !inData);
    if (!unfinished) {
      clearTimeout(timer);
      timer = undefined;
    } else {
      timer ??= setTimeout(timedOut, headersTimeout);
    }
  }

  socket.on('data', take);
  socket.once('end', () => guarded.push(null));
  socket.once('error', (error) => guarded.destroy(error));
  socket.once('close', () => guarded.destroy());
  watch();
  return guarded;
}
