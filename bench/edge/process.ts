import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { loadPlan, project } from '../../src/commands/project.ts';
import type { EdgeConfiguration } from '../../src/edge/configuration.ts';
import type { Address } from '../../src/targets/local/process.ts';

/** The platform's edge in a process of its own. */
export interface RunningEdge extends Address {
  stop(): void;
}

/** What the edge stands in front of. */
export interface EdgeOrigins {
  readonly gateway: Address;
  /** With the files of every origin that has some. */
  readonly folder: string;
  readonly storeFolder: string;
}

/** Starts the edge as the supervisor does, with the blueprint's behaviours, but without their functions. */
export async function startEdge({ gateway, folder, storeFolder }: EdgeOrigins): Promise<RunningEdge> {
  const { access } = await loadPlan();
  const configuration: EdgeConfiguration = {
    port: 0,
    plan: {
      access: {
        ...access,
        functions: {},
        behaviors: access.behaviors.map((behavior) => ({ ...behavior, functions: {} })),
      },
    },
    folders: Object.fromEntries(Object.keys(access.origins).map((name) => [name, folder])),
    gateway,
    storeFolder,
  };
  const program = join(project.root, 'src/targets/local/processes/edge.ts');
  const child: ChildProcess = fork(program, { execArgv: ['--max-semi-space-size=16'] });
  const ready = once(child, 'message');
  child.send({ type: 'configure', configuration });
  const [message] = await ready;
  return { ...message.address, stop: () => child.kill('SIGKILL') };
}
