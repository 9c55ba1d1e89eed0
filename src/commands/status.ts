import { Command } from 'commander';
import { StrataError } from '../kernel/errors.ts';
import { ownResidentBytes, residentBytes, startTimeOf, uptimeOf } from '../targets/local/process-table.ts';
import { type RunRecord, runningPlatform } from '../targets/local/run.ts';
import { project } from './project.ts';

/** One process, as `strata status --json` has it. */
interface ProcessStatus {
  readonly name: string;
  readonly kind: string;
  readonly pid: number;
  readonly state: string;
  readonly uptimeSeconds: number;
  readonly rssBytes: number;
  readonly address: string;
}

/** `strata status`: what runs. */
export function statusCommand(): Command {
  return new Command('status')
    .description('processes, their state, addresses and memory')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  strata status --json')
    .action(({ json }: { json?: boolean }) => {
      const record = runningPlatform(project);
      const processes = record?.processes.map(statusOf) ?? [];
      const ready = record?.ready ?? false;
      if (!ready) process.exitCode = 1;
      if (json) {
        process.stdout.write(`${JSON.stringify({ ready, urls: record?.urls ?? {}, processes })}\n`);
        return;
      }
      if (!record) throw new StrataError('not-running');
      process.stdout.write(tableOf(record, processes));
    });
}

function statusOf({
  name,
  kind,
  pid = 0,
  startTime,
  state,
  address = '',
}: RunRecord['processes'][number]): ProcessStatus {
  const runs = pid > 0 && startTimeOf(pid) === startTime;
  return {
    name,
    kind,
    pid,
    state,
    uptimeSeconds: runs ? Math.round(uptimeOf(startTime ?? 0) * 10) / 10 : 0,
    rssBytes: runs ? residentBytes(pid) : 0,
    address,
  };
}

function tableOf(record: RunRecord, processes: readonly ProcessStatus[]): string {
  const rows = processes.map(({ name, kind, state, pid, uptimeSeconds, rssBytes, address }) => [
    name,
    kind,
    state,
    String(pid),
    formatUptime(uptimeSeconds),
    `${Math.round(rssBytes / 1024 ** 2)} MB`,
    address,
  ]);
  const resident = processes.reduce(
    (sum, { rssBytes }) => sum + rssBytes,
    ownResidentBytes(record.supervisor.pid),
  );
  const together = Math.round(resident / 1024 ** 2);
  const urls = Object.entries(record.urls).map(([name, url]) => `  ${name.padEnd(10)} ${url}\n`);
  const table = aligned([['NAME', 'KIND', 'STATE', 'PID', 'UPTIME', 'MEMORY', 'ADDRESS'], ...rows]);
  const summary = `${record.ready ? 'ready' : 'not ready'}; supervisor pid ${record.supervisor.pid}; together ${together} MB`;
  return `${table}\n${urls.join('')}\n${summary}\n`;
}

const numeric = new Set([3, 4, 5]);

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          numeric.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function formatUptime(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
