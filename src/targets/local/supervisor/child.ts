import { setTimeout as delay } from 'node:timers/promises';
import { countFailure, type RestartPolicy, restartDelay, restartPolicy } from '../../../compute/backoff.ts';
import { StrataError } from '../../../kernel/errors.ts';
import type { ProcessDefinition } from '../process.ts';
import type { ProcessIdentity } from '../process-table.ts';
import { createConfigurator } from './configurator.ts';
import { type Launched, type LaunchSettings, launch } from './launch.ts';
import { type ProbePolicy, probePolicy, untilHung, untilReady } from './probes.ts';

/** What a supervised process is doing. */
export type ProcessState = 'starting' | 'healthy' | 'unhealthy' | 'restarting' | 'stopped';

/** How a process is kept alive. Milliseconds. */
export interface ChildSettings extends LaunchSettings {
  readonly restart?: RestartPolicy;
  readonly probes?: ProbePolicy;
  /** How long the first start may take, restarts included. */
  readonly startTimeout?: number;
  /** Called at each change of state or process id. */
  readonly changed: (child: Child) => void;
  /** Called with one line for the supervisor's own log. */
  readonly log: (line: string) => void;
}

/** A process that is kept running until it is told to stop. */
export interface Child {
  readonly definition: ProcessDefinition;
  readonly state: ProcessState;
  readonly identity: ProcessIdentity | undefined;
  /** Milliseconds on the monotonic clock when the current process started. */
  readonly since: number;
  /** Settles when it is ready for the first time; rejects with a StrataError when it does not get there. */
  readonly ready: Promise<void>;
  /** Hands a new configuration to the running process; it also gets it after each restart. */
  configure(configuration: unknown): Promise<void>;
  /** Asks the running process, and settles with what it says. */
  ask(request: unknown): Promise<unknown>;
  /** Stops it and settles when it is gone. */
  stop(): Promise<void>;
  /** Ends it and its process group at once. */
  kill(): void;
}

/** A process that ends more often than this before it was ready once is given up. */
const startAttempts = 6;

/** Starts a process and keeps it running: restarts with capped backoff, also when it hangs, until it is stopped. */
export function superviseChild(definition: ProcessDefinition, settings: ChildSettings): Child {
  const policy = settings.restart ?? restartPolicy;
  const probes = settings.probes ?? probePolicy;
  const startTimeout = settings.startTimeout ?? 30_000;
  const stopping = new AbortController();
  const configurator = createConfigurator(definition.configuration);
  const first = Promise.withResolvers<void>();
  let state: ProcessState = 'starting';
  let current: Launched | undefined;
  let since = performance.now();

  const enter = (next: ProcessState) => {
    if (state === next) return;
    state = next;
    settings.changed(child);
  };

  /** Runs the process once; settles when it ended. */
  const runOnce = async (): Promise<{ reason: string; uptime: number }> => {
    since = performance.now();
    const launched = launch(definition, settings);
    current = launched;
    state = 'starting';
    settings.changed(child);
    const over = new AbortController();
    const ended = launched.ended.then((reason) => {
      over.abort();
      return reason;
    });
    let readyAt: number | undefined;
    try {
      const deadline = AbortSignal.any([over.signal, stopping.signal, AbortSignal.timeout(startTimeout)]);
      await configurator.attach(launched.process, deadline);
      await untilReady(definition.probe, probes, deadline);
      readyAt = performance.now();
      enter('healthy');
      first.resolve();
      const watched = AbortSignal.any([over.signal, stopping.signal]);
      await untilHung(definition.liveness ?? definition.probe, probes, watched, (answers) =>
        enter(answers ? 'healthy' : 'unhealthy'),
      );
      settings.log(`${definition.name} does not answer, ends it`);
      launched.kill();
    } catch (error) {
      if (stopping.signal.aborted) return { reason: await ended, uptime: 0 };
      if (!over.signal.aborted) {
        launched.kill();
        await ended;
        if (error instanceof StrataError) first.reject(error);
        return { reason: reasonOf(error), uptime: 0 };
      }
    }
    const reason = await ended;
    return { reason, uptime: readyAt === undefined ? 0 : performance.now() - readyAt };
  };

  const keepRunning = async () => {
    const started = performance.now();
    let failures = 0;
    let wasReady = false;
    first.promise.then(
      () => {
        wasReady = true;
      },
      () => stopping.abort(),
    );
    while (!stopping.signal.aborted) {
      const { reason, uptime } = await runOnce();
      if (stopping.signal.aborted) break;
      failures = countFailure(failures, uptime, policy);
      settings.log(`${definition.name} ${reason}`);
      const seconds = Math.round((performance.now() - started) / 1000);
      if (!wasReady && (failures >= startAttempts || seconds * 1000 >= startTimeout)) {
        first.reject(new StrataError('component-not-ready', { component: definition.name, seconds, reason }));
        break;
      }
      enter('restarting');
      await delay(restartDelay(failures, policy), undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
    }
    current = undefined;
    enter('stopped');
    first.reject(new StrataError('stopped-early', { component: definition.name }));
  };

  const child: Child = {
    definition,
    get state() {
      return state;
    },
    get identity() {
      return current?.identity;
    },
    get since() {
      return since;
    },
    ready: first.promise,
    configure: (configuration) => configurator.configure(configuration),
    ask: (request) => configurator.ask(request),
    stop: async () => {
      stopping.abort();
      const launched = current;
      launched?.signal(definition.stop.signal);
      const timer = setTimeout(() => {
        settings.log(`${definition.name} did not stop within ${definition.stop.timeout} ms, ends it`);
        launched?.kill();
      }, definition.stop.timeout);
      await running;
      clearTimeout(timer);
    },
    kill: () => {
      stopping.abort();
      current?.kill();
    },
  };
  // Nobody may be waiting any more when it fails; who waits is told by `ready` itself.
  first.promise.catch(() => undefined);
  const running = Promise.resolve().then(keepRunning);
  return child;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
