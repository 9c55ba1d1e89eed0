import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { UsageError } from './failure.ts';
import { project } from './project.ts';

const interval = 250;
const chunkSize = 64 * 1024;

/** `strata logs`: what components wrote, of all of them with the name in front of each line. */
export function logsCommand(): Command {
  return new Command('logs')
    .description('print what a component wrote, or all of them')
    .argument('[component]', 'a name from strata status, or supervisor')
    .option('-f, --follow', 'go on as more is written, until Ctrl-C')
    .addHelpText('after', '\nExample:\n  strata logs microservice-a-1 --follow')
    .action(logs);
}

async function logs(component: string | undefined, { follow }: { follow?: boolean }): Promise<void> {
  const known = components();
  if (component !== undefined && !known.includes(component)) {
    const names = known.length === 0 ? 'there are no logs yet' : `there is ${known.join(', ')}`;
    throw new UsageError(`unknown component '${component}'; ${names}`);
  }
  const readers = new Map<string, LogReader>();
  const width = Math.max(...known.map((name) => name.length), 0);
  do {
    for (const name of component === undefined ? components() : [component]) {
      const reader = readers.get(name) ?? createLogReader(join(project.logs, `${name}.log`));
      readers.set(name, reader);
      for (const line of reader()) {
        process.stdout.write(component === undefined ? `${name.padEnd(width)} | ${line}\n` : `${line}\n`);
      }
    }
    if (follow) await delay(interval);
  } while (follow);
}

function components(): string[] {
  try {
    return readdirSync(project.logs)
      .filter((file) => file.endsWith('.log'))
      .map((file) => file.slice(0, -'.log'.length))
      .sort();
  } catch {
    return [];
  }
}

/** Yields the lines written since the last call. */
type LogReader = () => Generator<string>;

function createLogReader(file: string): LogReader {
  let position = 0;
  let rest = '';
  return function* () {
    const decoder = new TextDecoder();
    const descriptor = openSync(file, 'r');
    try {
      // A log that became shorter was moved away when it grew too large.
      if (fstatSync(descriptor).size < position) position = 0;
      const buffer = Buffer.alloc(chunkSize);
      for (;;) {
        const read = readSync(descriptor, buffer, 0, chunkSize, position);
        if (read === 0) return;
        position += read;
        const lines = (rest + decoder.decode(buffer.subarray(0, read), { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
      }
    } finally {
      closeSync(descriptor);
    }
  };
}
