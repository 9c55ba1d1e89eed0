import type { Readable } from 'node:stream';

/** A printed line is cut here, in characters. */
const longest = 10_000;

/** Passes on what is printed, line by line; a line without end is cut. */
export function passOnLines(output: Readable, print: (line: string) => void): void {
  let rest = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(0, longest);
    for (const line of lines) if (line !== '') print(line.slice(0, longest));
  });
}
