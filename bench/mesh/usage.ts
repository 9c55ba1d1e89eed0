import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const ticksASecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Seconds of CPU a process has used so far, in user and kernel mode (proc_pid_stat(5): utime, stime). */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksASecond;
}

/** Bytes of memory a process has resident. */
export interface Memory {
  readonly resident: number;
  /** Of these, pages of files: its executable's, which all processes of it share. */
  readonly file: number;
}

/** A process's memory (proc_pid_status(5): VmRSS, RssFile). */
export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
  return { resident: bytes('VmRSS'), file: bytes('RssFile') };
}
