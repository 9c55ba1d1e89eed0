import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { project } from './project.ts';

const everything = 'test/**/*.test.ts';

/** `strata test`: the whole suite, or a part of it; types, lint and import rules are tests too. */
export function testCommand(): Command {
  return new Command('test')
    .description('run the tests; no platform has to run')
    .argument('[pattern...]', 'files, folders, or options of node --test')
    .allowUnknownOption()
    .addHelpText('after', '\nExample:\n  strata test test/gateway --test-name-pattern=throttle')
    .action(async (patterns: string[]) => {
      const words = patterns.map((word) => (isFolder(word) ? join(word, '**/*.test.ts') : word));
      const files = words.some((word) => !word.startsWith('-')) ? words : [...words, everything];
      const runner = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', '--test', '--test-concurrency=2', ...files],
        {
          cwd: project.root,
          stdio: 'inherit',
          // Half of a short test file's time is compiling what it imports.
          env: { ...process.env, NODE_COMPILE_CACHE: project.compileCache },
        },
      );
      // Ctrl-C reaches the runner too; this process waits for it and ends as it does.
      process.on('SIGINT', () => undefined);
      process.on('SIGTERM', () => runner.kill('SIGTERM'));
      const [code] = await once(runner, 'exit');
      process.exitCode = code === 0 ? 0 : 1;
    });
}

function isFolder(word: string): boolean {
  return statSync(join(project.root, word), { throwIfNoEntry: false })?.isDirectory() ?? false;
}
