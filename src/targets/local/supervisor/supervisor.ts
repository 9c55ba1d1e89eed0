import { StrataError } from '../../../kernel/errors.ts';
import type { ProcessDefinition, ProcessKind } from '../process.ts';
import { type Child, type ChildSettings, type ProcessState, superviseChild } from './child.ts';

/** One process as `run.json` records it. */
export interface ProcessRecord {
  readonly name: string;
  readonly kind: ProcessKind;
  readonly state: ProcessState;
  readonly pid?: number;
  /** With the pid it says exactly which process this is. */
  readonly startTime?: number;
  /** host:port */
  readonly address?: string;
}

/** All processes of a platform. */
export interface Supervisor {
  /** Starts a process and settles when it is ready; a process of that name must not be there. */
  start(definition: ProcessDefinition): Promise<void>;
  /** Stops a process and forgets it; nothing happens when there is none of this name. */
  stop(name: string): Promise<void>;
  /** Hands a new configuration to a running process. */
  configure(name: string, configuration: unknown): Promise<void>;
  /** Asks a running process, and settles with what it says. */
  ask(name: string, request: unknown): Promise<unknown>;
  state(name: string): ProcessState | undefined;
  definition(name: string): ProcessDefinition | undefined;
  /** In the order they were started. */
  records(): ProcessRecord[];
  /** Stops all in the reverse order of their starts, each group at once; nothing can be started afterwards. */
  stopAll(order: (name: string) => number): Promise<void>;
  /** Ends all at once. */
  killAll(): void;
}

type Changed = (name: string, state: ProcessState) => void;

/** Holds the children of a platform. @param changed called at each change of a child's state or process id */
export function createSupervisor(settings: Omit<ChildSettings, 'changed'>, changed: Changed): Supervisor {
  const children = new Map<string, Child>();
  let closed = false;

  const start = async (definition: ProcessDefinition): Promise<void> => {
    const { name } = definition;
    if (closed || children.has(name)) throw new StrataError('stopped-early', { component: name });
    const child = superviseChild(definition, {
      ...settings,
      changed: (self) => changed(name, self.state),
    });
    children.set(name, child);
    try {
      await child.ready;
    } catch (error) {
      await child.stop();
      if (children.get(name) === child) children.delete(name);
      throw error;
    }
  };

  const stop = async (name: string): Promise<void> => {
    const child = children.get(name);
    if (!child) return;
    await child.stop();
    if (children.get(name) === child) children.delete(name);
    changed(name, 'stopped');
  };

  return {
    start,
    stop,
    configure: async (name, configuration) => children.get(name)?.configure(configuration),
    ask: async (name, request) => {
      const child = children.get(name);
      if (!child) throw new StrataError('not-running');
      return child.ask(request);
    },
    state: (name) => children.get(name)?.state,
    definition: (name) => children.get(name)?.definition,
    records: () => [...children.values()].map(record),
    stopAll: async (order) => {
      closed = true;
      const groups = Map.groupBy(children.keys(), order);
      const highestFirst = [...groups].toSorted(([one], [other]) => other - one);
      for (const [, names] of highestFirst) await Promise.all(names.map(stop));
    },
    killAll: () => {
      closed = true;
      for (const child of children.values()) child.kill();
    },
  };
}

function record({ definition, state, identity }: Child): ProcessRecord {
  const { name, kind, address } = definition;
  return {
    name,
    kind,
    state,
    ...(identity ?? {}),
    ...(address ? { address: `${address.host}:${address.port}` } : {}),
  };
}
