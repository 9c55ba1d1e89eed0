import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** A process that can't be mistaken for a later one with the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot (proc(5), /proc/pid/stat field 22). */
  readonly startTime: number;
}

/** When a process started; undefined when there is none of this id, or it is a zombie. */
export function startTimeOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The command in parentheses may hold spaces and parentheses itself; fields are counted after the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : Number(fields[19]);
}

/** Whether exactly this process still runs. */
export function isRunning({ pid, startTime }: ProcessIdentity): boolean {
  return startTimeOf(pid) === startTime;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, startTime: startTimeOf(process.pid) ?? 0 };
}

/** Clock ticks a second, as proc(5) counts them on every platform Linux shows to programs. */
const ticks = 100;

/** Seconds since a process started, by its start time. */
export function uptimeOf(startTime: number): number {
  const sinceBoot = Number(read('/proc/uptime')?.split(' ')[0] ?? 0);
  return Math.max(0, sinceBoot - startTime / ticks);
}

/**
 * Resident bytes of a process, and of those it started and that live off its pages: of them what is their own alone
 * is counted (proc(5), RssAnon). 0 when it is gone.
 */
export function residentBytes(pid: number): number {
  return ownResidentBytes(pid) + childrenOf(pid).reduce((sum, child) => sum + ownBytes(child), 0);
}

/** Resident bytes of one process alone; 0 when it is gone. */
export function ownResidentBytes(pid: number): number {
  return kilobytes(pid, 'VmRSS') * 1024;
}

function ownBytes(pid: number): number {
  return kilobytes(pid, 'RssAnon') * 1024 + childrenOf(pid).reduce((sum, child) => sum + ownBytes(child), 0);
}

function kilobytes(pid: number, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(read(`/proc/${pid}/status`) ?? '')?.[1] ?? 0);
}

function childrenOf(pid: number): number[] {
  return (read(`/proc/${pid}/task/${pid}/children`) ?? '').split(' ').filter(Boolean).map(Number);
}

/** Processes whose environment holds exactly this assignment ('NAME=value'), this process excepted. */
export function processesWith(assignment: string): ProcessIdentity[] {
  return processIds().flatMap((pid) => {
    if (pid === process.pid) return [];
    const environment = read(`/proc/${pid}/environ`);
    const startTime = startTimeOf(pid);
    if (startTime === undefined || !environment?.split('\0').includes(assignment)) return [];
    return [{ pid, startTime }];
  });
}

/** Who listens on a TCP port: 'node (pid 4121)', or 'another program' when that can't be seen. */
export function portOwner(port: number): string {
  const sockets = new Set(listeningSockets(port).map((inode) => `socket:[${inode}]`));
  const owner = sockets.size === 0 ? undefined : processIds().find((pid) => holdsOne(pid, sockets));
  if (owner === undefined) return 'another program';
  return `${programOf(owner)} (pid ${owner})`;
}

/** A program's file name; threads may call themselves otherwise (comm). */
function programOf(pid: number): string {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return read(`/proc/${pid}/comm`)?.trim() ?? 'a program';
  }
}

/** Socket inodes in state LISTEN (0A) on a port (proc_net_tcp; addresses and ports are hexadecimal). */
function listeningSockets(port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    (read(table) ?? '')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[1]?.endsWith(suffix) && fields[3] === '0A')
      .map((fields) => fields[9] ?? ''),
  );
}

function holdsOne(pid: number, sockets: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((file) => {
      try {
        return sockets.has(readlinkSync(`/proc/${pid}/fd/${file}`));
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
