import { Command } from 'commander';
import { StrataError } from '../kernel/errors.ts';
import { roles } from '../kernel/roles.ts';
import { readSecrets } from '../targets/local/secrets.ts';
import { project } from './project.ts';

/** `strata users`: who can sign in on this machine, and with which password. */
export function usersCommand(): Command {
  return new Command('users')
    .description('print who can sign in on this machine, one a role, with their passwords')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  strata users --json | jq -r .editor')
    .action(({ json }: { json?: boolean }) => {
      const passwords = readSecrets(project)?.users;
      if (!passwords) throw new StrataError('not-running');
      const lines = roles.map((role) => `${role.padEnd(8)}${passwords[role]}`);
      process.stdout.write(`${json ? JSON.stringify(passwords) : lines.join('\n')}\n`);
    });
}
