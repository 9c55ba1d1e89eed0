import { enableCompileCache } from 'node:module';
import { Command } from 'commander';
import { failureMark, reportFailure, usageLine } from './commands/failure.ts';
import { project } from './commands/project.ts';

/** Each command is loaded when it is asked for; all of them for the help text. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  up: async () => (await import('./commands/up.ts')).upCommand(),
  down: async () => (await import('./commands/down.ts')).downCommand(),
  status: async () => (await import('./commands/status.ts')).statusCommand(),
  plan: async () => (await import('./commands/plan.ts')).planCommand(),
  logs: async () => (await import('./commands/logs.ts')).logsCommand(),
  token: async () => (await import('./commands/token.ts')).tokenCommand(),
  trust: async () => (await import('./commands/trust.ts')).trustCommand(),
  users: async () => (await import('./commands/users.ts')).usersCommand(),
  load: async () => (await import('./commands/load.ts')).loadCommand(),
  bench: async () => (await import('./commands/bench.ts')).benchCommand(),
  test: async () => (await import('./commands/test.ts')).testCommand(),
  mesh: async () => (await import('./commands/mesh.ts')).meshCommand(),
  edge: async () => (await import('./commands/edge.ts')).edgeCommand(),
  synth: async () => (await import('./commands/synth.ts')).synthCommand(),
  diff: async () => (await import('./commands/diff.ts')).diffCommand(),
  deploy: async () => (await import('./commands/deploy.ts')).deployCommand(),
  destroy: async () => (await import('./commands/destroy.ts')).destroyCommand(),
  reset: async () => (await import('./commands/reset.ts')).resetCommand(),
};

/** Runs one command and sets the exit code: 0 done, 1 it failed, 2 wrong usage. */
async function main(words: readonly string[]): Promise<void> {
  const asked = commands[words[0] ?? ''];
  const loaded = await Promise.all((asked ? [asked] : Object.values(commands)).map((load) => load()));
  const program = new Command('strata')
    .description('The blueprint as a running platform.')
    .helpCommand('help [command]', 'how a command is used')
    .addHelpText('after', '\nExample:\n  strata up');
  for (const command of [program, ...loaded, ...loaded.flatMap((one) => one.commands)]) {
    command
      .exitOverride()
      .configureOutput({ outputError: (text, write) => write(`${failureMark()} ${usageLine(text)}\n`) })
      .allowExcessArguments(false);
  }
  for (const command of loaded) program.addCommand(command);
  await program.parseAsync(words.length === 0 ? ['help'] : [...words], { from: 'user' });
}

/** Whoever read the output has gone, as `head` does: ends as at SIGTERM, at which `up` stops what it started. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.kill(process.pid, 'SIGTERM');
}

enableCompileCache(project.compileCache);
process.stdout.on('error', endWithReader);
try {
  await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = reportFailure(error);
}
