import type { Socket } from 'node:net';
import type { ProtocolLimits } from './limits.ts';

/** Looks after connections whose viewer reads too slowly. */
export interface SlowReaders {
  watch(socket: Socket): void;
  close(): void;
}

/** What a connection had sent when something first had to wait. */
interface Wait {
  readonly since: number;
  readonly sent: number;
}

/**
 * Ends connections whose viewer takes less than `slowReadBytes` within `slowReadTimeout` while there is more for it: an
 * answer must not be held for ever by reading it a byte at a time.
 */
export function createSlowReaders({
  slowReadTimeout,
  slowReadBytes,
}: Pick<ProtocolLimits, 'slowReadTimeout' | 'slowReadBytes'>): SlowReaders {
  const waits = new Map<Socket, Wait | undefined>();

  function look(socket: Socket, wait: Wait | undefined, now: number): void {
    if (socket.writableLength === 0) {
      if (wait) waits.set(socket, undefined);
      return;
    }
    const sent = socket.bytesWritten - socket.writableLength;
    if (wait && now - wait.since < slowReadTimeout) return;
    if (wait && sent - wait.sent < slowReadBytes) socket.destroy();
    else waits.set(socket, { since: now, sent });
  }

  const timer = setInterval(
    () => {
      const now = performance.now();
      for (const [socket, wait] of waits) look(socket, wait, now);
    },
    Math.max(50, slowReadTimeout / 6),
  ).unref();

  return {
    watch(socket) {
      waits.set(socket, undefined);
      socket.once('close', () => waits.delete(socket));
    },
    close: () => clearInterval(timer),
  };
}
