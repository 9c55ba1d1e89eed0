import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Prints } from '../../../gateway/functions/environment.ts';

/** Bytes of one function's prints that wait to be written; what comes beyond is lost. */
const waitingLimit = 1024 * 1024;

/** Writes what each function prints to a log of its own, `<folder>/<function>.log`. */
export function createFunctionLog(folder: string): Prints {
  const logs = new Map<string, WriteStream>();
  return (name, text) => {
    let log = logs.get(name);
    if (!log) {
      log = createWriteStream(join(folder, `${name}.log`), { flags: 'a', mode: 0o600 });
      log.on('error', () => logs.delete(name));
      logs.set(name, log);
    }
    if (log.writableLength < waitingLimit) log.write(text);
  };
}
