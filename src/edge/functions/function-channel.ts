import type { Duplex } from 'node:stream';
import type { EdgeFunction } from './edge-function.ts';
import type { InvocationOutcome } from './execution-environment.ts';
import type { PoolLimits } from './pool.ts';

/** What the process of a function is told, one a line: what it runs, an event, or that nobody waits for one any more. */
export type ToProcess =
  | { readonly definition: EdgeFunction; readonly limits: PoolLimits }
  | { readonly id: number; readonly requestId: string; readonly json: string }
  | { readonly left: number };

/** What it tells, one a line: what came of an event, or what the function printed. */
export type FromProcess =
  | { readonly id: number; readonly outcome: InvocationOutcome }
  | { readonly printed: string };

/** Messages both ways over a stream of bytes, as lines of JSON; what is sent in one turn goes out as one write. */
export function openChannel<Sent, Received>(
  stream: Duplex,
  take: (message: Received) => void,
): (message: Sent) => void {
  let leaving = '';
  let rest: string[] = [];
  stream.setEncoding('utf8').on('data', (text: string) => {
    const [first = '', ...lines] = text.split('\n');
    rest.push(first);
    for (const line of lines) {
      take(JSON.parse(rest.join('')));
      rest = [line];
    }
  });
  // What is left of a stream that broke is told by its end.
  stream.on('error', () => stream.destroy());
  return (message) => {
    if (leaving === '') {
      setImmediate(() => {
        stream.write(leaving);
        leaving = '';
      });
    }
    leaving += `${JSON.stringify(message)}\n`;
  };
}
