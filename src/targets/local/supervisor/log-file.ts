import {
  closeSync,
  copyFileSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  statSync,
} from 'node:fs';

/** A child's log may grow to this many bytes; one older part of the same size is kept beside it. */
const maximumSize = 10 * 1024 * 1024;

/**
 * Opens a log for appending and hands the descriptor to a child, so that its lines need no hop through the supervisor.
 * A log that is too large already moves to `<file>.1`. The caller closes the descriptor.
 */
export function openLog(file: string): number {
  if (sizeOf(file) > maximumSize) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

/**
 * Keeps the log of a running child bounded. The child holds the file open in append mode, so it is copied and emptied
 * rather than renamed; lines written in between are lost.
 */
export function boundLog(file: string): void {
  if (sizeOf(file) <= maximumSize) return;
  copyFileSync(file, `${file}.1`);
  const descriptor = openSync(file, 'r+');
  ftruncateSync(descriptor, 0);
  closeSync(descriptor);
}

/**
 * The last line a child wrote, shortened to 200 characters; undefined when it wrote nothing. Of a Node.js program that
 * died of an error nobody caught, the line that names the error.
 * @param from bytes the log held before this child started
 */
export function lastLine(file: string, from = 0): string | undefined {
  try {
    const descriptor = openSync(file, 'r');
    const { size } = fstatSync(descriptor);
    const start = Math.max(from, size - 8192);
    const buffer = Buffer.alloc(Math.max(0, size - start));
    readSync(descriptor, buffer, 0, buffer.length, start);
    closeSync(descriptor);
    const lines = buffer.toString('utf8').split('\n').map(clean).filter(Boolean);
    const last = lines.at(-1);
    const died = last !== undefined && nodeBanner.test(last);
    return ((died ? lines.findLast((line) => namedError.test(line)) : undefined) ?? last)?.slice(0, 200);
  } catch {
    return undefined;
  }
}

/** What Node.js writes last, after the error and its stack. */
const nodeBanner = /^Node\.js v\d/;
const namedError = /^(Uncaught )?\w*(Error|Exception)\b.*:/;

/** Bytes in a file; 0 when there is none. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** A line without control characters, so that a log can't drive the terminal that shows it. */
function clean(line: string): string {
  return line.replace(/\p{Cc}/gu, ' ').trim();
}
