import { join } from 'node:path';
import type { ProcessDefinition } from './process.ts';

/** Flags of every child on Node.js: several run beside each other, so each keeps its heap's slack small. */
const flags = ['--disable-warning=ExperimentalWarning', '--v8-pool-size=1'];

/** Memory one program may take. MiB. */
export interface ProgramMemory {
  /** Ceiling of the old generation. */
  readonly heap: number;
  /** Size of one half of the young generation: smaller means less memory and more frequent collections. */
  readonly semiSpace: number;
}

/** How a program is run on Node.js. @param preload modules loaded before it, absolute paths */
export function nodeProgram(
  file: string,
  memory: ProgramMemory,
  preload: readonly string[] = [],
): Pick<ProcessDefinition, 'command' | 'arguments'> {
  return {
    command: process.execPath,
    arguments: [
      ...flags,
      `--max-old-space-size=${memory.heap}`,
      `--max-semi-space-size=${memory.semiSpace}`,
      ...preload.map((module) => `--import=${module}`),
      file,
    ],
  };
}

/** Ends a program that does not speak with its supervisor when that is gone. */
export const guard = join(import.meta.dirname, 'processes', 'guard.ts');
