import type { ChildProcess } from 'node:child_process';
import { type ErrorCode, errorTable, StrataError } from '../../../kernel/errors.ts';

/** Hands configurations to a process over IPC and remembers the last one for the next start. */
export interface Configurator {
  /** Sends the configuration to a new process and settles when it says that it is ready. */
  attach(process: ChildProcess, signal: AbortSignal): Promise<void>;
  /** Sends a new configuration to the process that runs, and settles when it has taken it. */
  configure(configuration: unknown): Promise<void>;
  /** Asks the process that runs, and settles with what it says. */
  ask(request: unknown): Promise<unknown>;
}

/** How long a running process may take to apply a configuration, or to answer. Milliseconds. */
const configureTimeout = 10_000;

/** @param initial undefined for a process that takes no configuration */
export function createConfigurator(initial: unknown): Configurator {
  let latest = initial;
  let attached: ChildProcess | undefined;
  let nextRequest = 1;

  const send = (process: ChildProcess, signal: AbortSignal): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const hear = (message: unknown) => {
      const said = messageOf(message);
      if (said?.type === 'ready') resolve();
      if (said?.type === 'failed') reject(failure(said));
    };
    const stop = () => reject(signal.reason);
    process.on('message', hear);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    else if (process.connected) process.send({ type: 'configure', configuration: latest }, () => undefined);
    return promise.finally(() => {
      process.off('message', hear);
      signal.removeEventListener('abort', stop);
    });
  };

  /** Settles with the reply to one request. */
  const exchange = (process: ChildProcess, request: unknown): Promise<unknown> => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const id = nextRequest++;
    const hear = (message: unknown) => {
      const said = messageOf(message);
      if (said?.type !== 'reply' || said.id !== id) return;
      if (said.error === undefined) resolve(said.result);
      else reject(new Error(String(said.error)));
    };
    const gone = () => reject(new StrataError('not-running'));
    const deadline = setTimeout(gone, configureTimeout);
    process.on('message', hear).once('disconnect', gone);
    process.send({ type: 'request', id, request }, (error) => error && gone());
    return promise.finally(() => {
      clearTimeout(deadline);
      process.off('message', hear).off('disconnect', gone);
    });
  };

  return {
    attach: async (process, signal) => {
      attached = process;
      if (latest !== undefined) await send(process, signal);
    },
    configure: async (configuration) => {
      latest = configuration;
      if (attached?.connected) await send(attached, AbortSignal.timeout(configureTimeout));
    },
    ask: async (request) => {
      if (!attached?.connected) throw new StrataError('not-running');
      return exchange(attached, request);
    },
  };
}

/** What a process says over IPC, as far as it has the form agreed on. */
interface Said {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
  readonly code?: unknown;
  readonly parameters?: unknown;
}

function messageOf(message: unknown): Said | undefined {
  return typeof message === 'object' && message !== null ? message : undefined;
}

function failure({ code, parameters }: Said): Error {
  const known = typeof code === 'string' && code in errorTable;
  const given = typeof parameters === 'object' && parameters !== null ? Object.entries(parameters) : [];
  const filled = Object.fromEntries(
    given.map(([name, value]) => [name, typeof value === 'number' ? value : String(value)]),
  );
  if (known) return new StrataError(code as ErrorCode, filled);
  return new Error(typeof code === 'string' ? code : 'it could not start');
}
