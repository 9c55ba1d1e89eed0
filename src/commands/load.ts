import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { type LoadProgress, type LoadResult, loadEntities } from '../data/relational/load/load.ts';
import { StrataError } from '../kernel/errors.ts';
import { statePaths } from '../targets/local/paths.ts';
import { runningPlatform } from '../targets/local/run.ts';

/** `strata load FILE.ndjson`: loads entities into the running platform. Exits 1 when a line was not loaded. */
export function loadCommand(): Command {
  return new Command('load')
    .description('load entities from a file of one JSON object a line: { "id"?, "name", "attributes"? }')
    .argument(
      '<file>',
      'the file; a repeated load of it is harmless, an interrupted one goes on where it was',
    )
    .addHelpText('after', '\nExample:\n  strata load places.ndjson')
    .action(async (file: string) => {
      const root = fileURLToPath(new URL('../..', import.meta.url));
      const url = runningPlatform(statePaths(root))?.connections?.database;
      if (url === undefined) throw new StrataError('not-running');
      const interruption = new AbortController();
      const interrupt = () => interruption.abort();
      process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
      try {
        const { stdout, stderr } = process;
        process.exitCode = await load({ url, file, signal: interruption.signal, stdout, stderr });
      } finally {
        process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      }
    });
}

/** Where a command writes; progress is live when it is a terminal. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** What a load needs from its command line. */
export interface LoadInvocation {
  readonly url: string;
  readonly file: string;
  readonly signal: AbortSignal;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** So many bad lines are told one by one; the rest as a number. */
const toldBadLines = 100;

/** Milliseconds between two words of progress. */
const progressInterval = { live: 100, plain: 2000 } as const;

/**
 * Loads a file and tells about it. @returns the exit code: 0 when every line was loaded, otherwise 1
 * @throws StrataError file-unreadable, database-unavailable
 */
export async function load({ url, file, signal, stdout, stderr }: LoadInvocation): Promise<0 | 1> {
  const start = performance.now();
  const live = stdout.isTTY === true;
  const clear = live ? '\r\x1b[K' : '';
  let bad = 0;
  let toldAt = start;
  const result = await loadEntities({
    url,
    file,
    signal,
    onProgress(progress) {
      const now = performance.now();
      if (progress.byte === 0 || now - toldAt < (live ? progressInterval.live : progressInterval.plain))
        return;
      toldAt = now;
      stdout.write(`${clear}${progressText(progress)}${live ? '' : '\n'}`);
    },
    onBadLine(line, reason) {
      bad += 1;
      if (bad <= toldBadLines) stderr.write(`${clear}line ${line}: ${reason}\n`);
    },
  });
  if (bad > toldBadLines) stderr.write(`${clear}and ${bad - toldBadLines} more bad lines\n`);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  for (const line of summary(result, file, seconds)) stdout.write(`${clear}${line}\n`);
  return result.finished && result.bad === 0 ? 0 : 1;
}

function progressText({ line, byte, bytes, loaded, bad, pending }: LoadProgress): string {
  const share = Math.floor((byte / bytes) * 100);
  const waiting = pending === undefined ? '' : `, waiting for ${pending} changes to be delivered`;
  return `${share}% line ${line}: loaded ${loaded}, bad ${bad}${waiting}`;
}

function summary(
  { finished, line, resumedAfter, loaded, unchanged, bad }: LoadResult,
  file: string,
  seconds: string,
): string[] {
  const counts = `loaded ${loaded}, unchanged ${unchanged}, bad ${bad} in ${seconds} s`;
  const resumed = resumedAfter > 0 ? [`went on after line ${resumedAfter}`] : [];
  const stopped = finished
    ? []
    : [`stopped after line ${line}; run strata load ${JSON.stringify(file)} again to go on from there`];
  return [...resumed, counts, ...stopped];
}
