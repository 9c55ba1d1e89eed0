import { mkdirSync } from 'node:fs';
import { rootMarker } from '../../../../src/targets/local/orphans.ts';
import { statePaths } from '../../../../src/targets/local/paths.ts';
import { ownIdentity } from '../../../../src/targets/local/process-table.ts';
import { writeRun } from '../../../../src/targets/local/run.ts';
import { createSupervisor } from '../../../../src/targets/local/supervisor/supervisor.ts';

/** A supervisor of one process that does not know Node's IPC, for a test that kills the supervisor. */
const paths = statePaths(process.argv[2] ?? '');
mkdirSync(paths.logs, { recursive: true });
const supervisor = createSupervisor(
  { logs: paths.logs, environment: { [rootMarker]: paths.root }, log: () => undefined },
  () => undefined,
);
for (const name of ['recorded', 'unrecorded']) {
  await supervisor.start({
    name,
    kind: 'engine',
    command: '/bin/sh',
    arguments: ['-c', 'trap "" HUP; sleep 300 & wait'],
    environment: {},
    directory: paths.root,
    probe: async () => undefined,
    stop: { signal: 'SIGTERM', timeout: 1000 },
  });
}
const record = (processes: ReturnType<typeof supervisor.records>) =>
  writeRun(paths, {
    version: 1,
    supervisor: ownIdentity(),
    portBase: 8080,
    ready: true,
    startedAt: Date.now(),
    urls: {},
    processes,
  });
record(supervisor.records().filter(({ name }) => name === 'recorded'));
process.stdout.write(JSON.stringify(supervisor.records()));
