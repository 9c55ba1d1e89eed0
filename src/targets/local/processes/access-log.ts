import type { AccessRecord, Recorder } from '../../../gateway/record.ts';

/** A request that took this many milliseconds or longer is written down, whatever it was answered. */
const slow = 1_000;
const flushInterval = 250;
/** Lines of one interval; what is beyond is counted only. */
const lineLimit = 100;

/**
 * An access log that writes down failures (5xx) and slow requests, as lines of JSON, several at a time:
 * at ten thousand requests a second the rest would cost more than it tells.
 */
export function createAccessLog(write: (text: string) => void): Recorder {
  let lines: string[] = [];
  let leftOut = 0;

  function flush(): void {
    if (leftOut > 0) lines.push(`${JSON.stringify({ leftOut })}\n`);
    write(lines.join(''));
    lines = [];
    leftOut = 0;
  }

  return ({ status, duration }, entry: () => AccessRecord) => {
    if (status < 500 && duration < slow) return;
    if (lines.length >= lineLimit) {
      leftOut++;
      return;
    }
    if (lines.length === 0) setTimeout(flush, flushInterval).unref();
    lines.push(`${JSON.stringify(entry())}\n`);
  };
}
