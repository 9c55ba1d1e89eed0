import { appendFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StrataError } from '../../kernel/errors.ts';
import type { Plan } from '../../model/plan.ts';
import { type ControlRequest, controlPath, serveControl } from './control.ts';
import { lineOf } from './error-line.ts';
import { releaseLock, takeLock } from './lock.ts';
import { endOrphans, rootMarker } from './orphans.ts';
import type { StatePaths } from './paths.ts';
import { createPlatform } from './platform.ts';
import { fixedPorts, requireFree } from './ports.ts';
import { ownIdentity } from './process-table.ts';
import { type Progress, reported } from './progress.ts';
import { writeRun } from './run.ts';
import { prepareState } from './state-folder.ts';
import { boundLog } from './supervisor/log-file.ts';
import { createSupervisor } from './supervisor/supervisor.ts';

/** A platform that runs in this process. */
export interface Supervision {
  readonly urls: Readonly<Record<string, string>>;
  /** Settles when the platform has stopped, whoever asked for it. */
  readonly ended: Promise<void>;
  /** Stops everything in the reverse order of its start. */
  stop(): Promise<void>;
  /** Ends everything at once. */
  kill(): void;
}

/** What to run, and whom to tell. */
export interface SupervisionOptions {
  readonly paths: StatePaths;
  readonly plan: Plan;
  readonly portBase: number;
  readonly progress: Progress;
  /** Aborted, the start is given up and everything stops. */
  readonly signal: AbortSignal;
}

const logInterval = 60_000;

/**
 * Becomes the supervisor of a project and starts its platform.
 * @returns undefined when another process is the supervisor already
 * @throws StrataError, or an Error, when it could not be started; nothing is left running then
 */
export async function startSupervision(options: SupervisionOptions): Promise<Supervision | undefined> {
  const { paths, portBase, progress, signal } = options;
  prepareState(paths);
  const control = controlPath(paths);
  if (!takeLock(paths, control)) return undefined;

  const ports = fixedPorts(portBase);
  const urls = {
    edge: `http://127.0.0.1:${ports.edge}`,
    pages: `https://app.localhost:${ports.edge}`,
    gateway: `http://127.0.0.1:${ports.gateway}`,
    identity: `http://127.0.0.1:${ports.identity}`,
  };
  const supervisorIdentity = ownIdentity();
  const startedAt = Date.now();
  const ended = Promise.withResolvers<void>();
  let ready = false;
  let stopping: Promise<void> | undefined;
  let closeControl: () => Promise<void> = () => Promise.resolve();

  const log = (line: string) =>
    appendFileSync(join(paths.logs, 'supervisor.log'), `${new Date().toISOString()} ${line}\n`, {
      mode: 0o600,
    });
  const record = () => {
    if (stopping) return;
    const connections = platform.connections();
    writeRun(paths, {
      version: 1,
      supervisor: supervisorIdentity,
      portBase,
      ready,
      startedAt,
      urls,
      processes: supervisor.records(),
      ...(connections ? { connections } : {}),
    });
  };
  const supervisor = createSupervisor(
    { logs: paths.logs, environment: childEnvironment(paths), log },
    (name, state) => {
      platform.changed();
      record();
      log(`${name} is ${state}`);
    },
  );
  const platform = createPlatform(paths, ports, supervisor);
  const logs = setInterval(() => boundLogs(paths), logInterval);

  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      ready = false;
      clearInterval(logs);
      platform.close();
      await supervisor.stopAll(stopOrder(supervisor));
      // A part that still writes its files would meet those of the next supervisor.
      await platform.settled();
      rmSync(paths.run, { force: true });
      releaseLock(paths);
      log('stopped');
      ended.resolve();
      await closeControl();
    })();
    return stopping;
  };

  /** One change after the other; a stop overtakes them. */
  let turn: Promise<unknown> = Promise.resolve();
  const handle = async (request: ControlRequest, tell: Progress) => {
    if (request.type === 'stop') {
      await stop();
      return urls;
    }
    if (request.type === 'invalidate') {
      const removed = await supervisor.ask('edge', { type: 'invalidate', paths: request.paths });
      return { removed: String(removed) };
    }
    if (request.portBase !== undefined && request.portBase !== portBase) {
      throw new StrataError('port-base-differs', { running: portBase, asked: request.portBase });
    }
    const applied = turn.then(async () => {
      await platform.apply(request.plan, tell);
      record();
    });
    turn = applied.catch((error) => log(lineOf(error)));
    try {
      await applied;
    } catch (error) {
      // The command that began the start was killed: whoever came meanwhile begins another one.
      if (!signal.aborted) throw error;
      await stop();
      return undefined;
    }
    return urls;
  };

  const stopEarly = () => void stop();
  signal.addEventListener('abort', stopEarly, { once: true });
  const started = (async () => {
    signal.throwIfAborted();
    closeControl = await serveControl(control, handle, lineOf);
    const orphans = await endOrphans(paths);
    if (orphans > 0) log(`ended ${orphans} processes of an earlier supervisor`);
    rmSync(paths.envoy, { recursive: true, force: true });
    await requireFree({ edge: ports.edge, gateway: ports.gateway, identity: ports.identity }, portBase);
    record();
    await platform.start(options.plan, progress);
    ready = true;
    record();
    log('ready');
  })();
  turn = started.catch(() => undefined);
  try {
    await started;
  } catch (error) {
    log(lineOf(error));
    await (supervisor.records().length > 0 ? reported(progress, 'stopping', stop) : stop());
    throw signal.aborted ? new StrataError('stopped-early', { component: 'supervisor' }) : error;
  } finally {
    signal.removeEventListener('abort', stopEarly);
  }
  return {
    urls,
    ended: ended.promise,
    stop,
    kill: () => {
      supervisor.killAll();
      releaseLock(paths);
    },
  };
}

/** What every child finds in its environment. */
function childEnvironment(paths: StatePaths): Record<string, string> {
  const inherited = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(inherited),
    NODE_COMPILE_CACHE: paths.compileCache,
    UV_THREADPOOL_SIZE: '2',
    MALLOC_ARENA_MAX: '2',
    [rootMarker]: paths.root,
  };
}

/** Requests come in at the edge and end at the engines: who takes them stops first. */
function stopOrder(supervisor: { definition(name: string): { kind: string } | undefined }) {
  const layers = { engine: 0, identity: 1, sidecar: 2, task: 3, proxy: 4, gateway: 5, edge: 6 };
  return (name: string): number => {
    const kind = name.endsWith('-envoy') ? 'sidecar' : supervisor.definition(name)?.kind;
    return layers[kind as keyof typeof layers] ?? 0;
  };
}

function boundLogs(paths: StatePaths): void {
  for (const name of readdirSync(paths.logs)) {
    if (name.endsWith('.log')) boundLog(join(paths.logs, name));
  }
}
