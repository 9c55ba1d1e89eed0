import { type ErrorCode, StrataError } from '../../../kernel/errors.ts';
import type { Address } from '../process.ts';

/** A server that takes its configuration from the supervisor. */
export interface ConfiguredServer<Configuration> {
  readonly address: Address;
  /** Takes a new configuration without dropping a connection. */
  update(configuration: Configuration): Promise<void> | void;
  /** Finishes what is in flight, then closes. */
  close(): Promise<void>;
}

/** What a server process tells the supervisor. */
export type ServerMessage =
  | { readonly type: 'ready'; readonly address: Address }
  | {
      readonly type: 'reply';
      readonly id: number;
      readonly result?: unknown;
      readonly error?: string;
    }
  | {
      readonly type: 'failed';
      readonly code: ErrorCode;
      readonly parameters: Record<string, string | number>;
    };

/**
 * Runs a server under the supervisor: the first configuration starts it, later ones update it, in the order they
 * come; `answer` says what is asked of it; SIGTERM or the end of the channel drains it and exits with 0. A failed start is reported and exits with 1.
 */
export function runConfiguredServer<
  Configuration extends { readonly port: number },
  Server extends ConfiguredServer<Configuration> = ConfiguredServer<Configuration>,
>(
  component: string,
  open: (configuration: Configuration) => Promise<Server>,
  answer: (server: Server, request: unknown) => unknown = () => undefined,
): void {
  let server: Server | undefined;
  let turn: Promise<void> = Promise.resolve();

  async function configure(configuration: Configuration): Promise<void> {
    if (server) {
      await server.update(configuration);
    } else {
      server = await open(configuration);
    }
    tell({ type: 'ready', address: server.address });
  }

  async function stop(): Promise<void> {
    await server?.close();
    process.exit(0);
  }

  process.on('message', (message: { type: string; configuration: Configuration }) => {
    if (message.type !== 'configure') return;
    const { configuration } = message;
    turn = turn
      .then(() => configure(configuration))
      .catch((error) => {
        tell(failureOf(error, component, configuration.port));
        if (!server) process.exitCode = 1;
        if (!server) process.disconnect?.();
      });
  });
  process.on('message', (message: { type: string; id: number; request: unknown }) => {
    if (message.type !== 'request') return;
    const { id, request } = message;
    try {
      if (!server) throw new Error(`${component} is not there yet`);
      tell({ type: 'reply', id, result: answer(server, request) });
    } catch (error) {
      tell({ type: 'reply', id, error: error instanceof Error ? error.message : String(error) });
    }
  });
  const stopOnce = () => {
    turn = turn.then(stop);
  };
  process.once('SIGTERM', stopOnce);
  process.once('SIGINT', stopOnce);
  process.once('disconnect', () => {
    if (server) stopOnce();
  });
}

function failureOf(error: unknown, component: string, port: number): ServerMessage {
  if (error instanceof StrataError) {
    return { type: 'failed', code: error.code, parameters: { ...error.parameters } };
  }
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return {
      type: 'failed',
      code: 'port-taken',
      parameters: { component, port, owner: 'another program', alternative: 9080 },
    };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return { type: 'failed', code: 'child-failed', parameters: { component, reason } };
}

function tell(message: ServerMessage): void {
  if (process.connected) process.send?.(message);
}
