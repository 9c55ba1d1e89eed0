import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { StrataError } from '../kernel/errors.ts';
import { stateFolder } from '../targets/local/engines/placement.ts';
import { lockHolder, takeLock } from '../targets/local/lock.ts';
import { endOrphans } from '../targets/local/orphans.ts';
import { project } from './project.ts';

/** `strata reset`: removes all state but the engines. */
export function resetCommand(): Command {
  return new Command('reset')
    .description('remove all data, keys and logs of the local platform; engines stay')
    .addHelpText('after', '\nExample:\n  strata down && strata reset')
    .action(async () => {
      if (existsSync(project.state)) await reset();
      process.stdout.write('  removed all state but the engines\n');
    });
}

/** @throws StrataError still-running */
async function reset(): Promise<void> {
  if (!takeLock(project)) {
    throw new StrataError('still-running', { pid: lockHolder(project)?.pid ?? 'unknown' });
  }
  await endOrphans(project);
  rmSync(stateFolder(project.root), { recursive: true, force: true });
  const kept = new Set(['engines', 'lock.json']);
  for (const name of readdirSync(project.state)) {
    if (!kept.has(name)) rmSync(join(project.state, name), { recursive: true, force: true });
  }
  rmSync(project.lock, { force: true });
}
