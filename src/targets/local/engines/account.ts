import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A user a process runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const nobody: Account = { uid: 65534, gid: 65534 };

/**
 * The user PostgreSQL runs as: `nobody` when this process is root (PostgreSQL refuses to be), else undefined,
 * which means this process's own.
 */
export async function unprivilegedAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return accountOf('nobody', await readFile('/etc/passwd', 'utf8').catch(() => '')) ?? nobody;
}

/** Finds a user's ids in the text of passwd(5). */
export function accountOf(name: string, passwd: string): Account | undefined {
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find(([user]) => user === name);
  const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
  return uid > 0 && gid > 0 ? { uid, gid } : undefined;
}

/** Whether a user can enter every folder above a path, by owner and mode. What does not exist yet stops nobody. */
export async function canReach(path: string, { uid, gid }: Account): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found !== undefined) {
      const search = found.uid === uid ? 0o100 : found.gid === gid ? 0o010 : 0o001;
      if ((found.mode & search) === 0) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}
