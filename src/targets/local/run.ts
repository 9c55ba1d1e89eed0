import { z } from 'zod';
import { readJson, writeFileAtomically } from './file.ts';
import type { StatePaths } from './paths.ts';
import { isRunning } from './process-table.ts';

const identity = z.object({ pid: z.number().int().positive(), startTime: z.number() });

const runRecord = z.object({
  version: z.literal(1),
  supervisor: identity,
  portBase: z.number(),
  ready: z.boolean(),
  /** Milliseconds since the Unix epoch. */
  startedAt: z.number(),
  urls: z.record(z.string(), z.string()),
  processes: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      state: z.string(),
      pid: z.number().optional(),
      startTime: z.number().optional(),
      address: z.string().optional(),
    }),
  ),
  /** What `load`, `bench` and `token` connect to; holds secrets, as does the file. */
  connections: z
    .object({
      database: z.string(),
      cache: z.string(),
      table: z.object({ endpoint: z.string(), accessKeyId: z.string(), secretAccessKey: z.string() }),
      ingress: z.string(),
      identity: z.object({ endpoint: z.string() }),
      /** URL of each service's egress listener and application by task. */
      tasks: z.record(
        z.string(),
        z.object({ service: z.string(), application: z.string(), ingress: z.string(), egress: z.string() }),
      ),
    })
    .optional(),
});

/** What runs, as `.strata/run.json` tells other commands and the next `up` after a crash. */
export type RunRecord = z.infer<typeof runRecord>;

/** How to reach the engines and the mesh of a running platform. */
export type Connections = NonNullable<RunRecord['connections']>;

/** Replaces the record; readers see the old one or the new one. */
export function writeRun(paths: StatePaths, record: RunRecord): void {
  writeFileAtomically(paths.run, `${JSON.stringify(record, undefined, 2)}\n`);
}

/** The record on disk, whether or not what it names still runs; undefined when there is none or it can't be read. */
export function readRun(paths: StatePaths): RunRecord | undefined {
  return runRecord.safeParse(readJson(paths.run)).data;
}

/** The record of a platform whose supervisor runs; undefined when there is none. */
export function runningPlatform(paths: StatePaths): RunRecord | undefined {
  const record = readRun(paths);
  return record && isRunning(record.supervisor) ? record : undefined;
}
