/** One line of a file: its text, or why it has none. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** The byte after it in the file, its line feed included. */
  readonly end: number;
  readonly text?: string;
  readonly problem?: string;
}

/** A place in a file: so many lines, and so many bytes, are behind. */
export interface Place {
  readonly line: number;
  readonly byte: number;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Splits a file's bytes into lines, one array of them a chunk. Ends of line are LF or CRLF, a byte order mark is
 * passed over, and a line that is longer than allowed or no UTF-8 is told as such. Holds one line at most.
 * @param chunks the bytes from `start` on
 * @param longest bytes a line may have
 */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  start: Place,
  longest: number,
): AsyncGenerator<Line[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let { line: number, byte: end } = start;
  let head: Buffer[] = [];
  let headLength = 0;

  const line = (tail: Buffer): Line => {
    number += 1;
    const length = headLength + tail.length;
    const bytes = head.length === 0 ? tail : Buffer.concat([...head, tail]);
    head = [];
    headLength = 0;
    if (length > longest) return { number, end, problem: `longer than ${longest} bytes` };
    const content = bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
    try {
      return { number, end, text: decoder.decode(content) };
    } catch {
      return { number, end, problem: 'not UTF-8' };
    }
  };

  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
      end += at + 1 - from;
      lines.push(line(chunk.subarray(from, at)));
      from = at + 1;
    }
    const rest = chunk.subarray(from);
    end += rest.length;
    // What is too long is counted, not kept.
    if (headLength <= longest && rest.length > 0) head.push(rest);
    headLength += rest.length;
    yield lines;
  }
  if (headLength > 0) yield [line(Buffer.alloc(0))];
}
