import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from './file.ts';
import { guard } from './node-program.ts';
import type { StatePaths } from './paths.ts';

/** Programs that end by themselves, having loaded all their modules, when nobody tells them what to do. */
const programs = [
  'functions/normalize/handler.ts',
  'services/catalog/main.ts',
  'services/entities/main.ts',
  'src/edge/functions/process-program.ts',
  'src/edge/functions/worker.ts',
  'src/targets/local/processes/edge.ts',
  'src/targets/local/processes/gateway.ts',
  'src/targets/local/processes/identity.ts',
];

/** Longest wait, milliseconds; the programs start without it, too. */
const timeout = 15_000;

/**
 * Fills the compile cache before the programs start for the first time, by runs that have nothing to do. The compiler
 * that strips types takes tens of megabytes, and they would stay with every program that used it; a program that
 * finds its modules in the cache never loads it. Does nothing when the cache was filled before.
 */
export async function fillCompileCache({ root, compileCache }: StatePaths): Promise<void> {
  const marker = join(compileCache, `filled-${process.version}`);
  if (existsSync(marker)) return;
  await Promise.all(
    programs.map(async (program) => {
      const child = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', `--import=${guard}`, join(root, program)],
        { cwd: root, stdio: 'ignore', timeout, env: { NODE_COMPILE_CACHE: compileCache } },
      );
      await once(child, 'exit').catch(() => {});
    }),
  );
  if (existsSync(compileCache)) writeFileAtomically(marker, '');
}
