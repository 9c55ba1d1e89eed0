import { join, resolve } from 'node:path';
import type { Plan } from '../../model/plan.ts';
import { edgeFunctions } from './edge-functions.ts';
import { expectAnswer } from './http-probe.ts';
import { nodeProgram } from './node-program.ts';
import type { StatePaths } from './paths.ts';
import type { Address, ProcessDefinition } from './process.ts';

/** The CDN to be started. */
export interface EdgeOptions {
  readonly paths: StatePaths;
  readonly plan: Plan;
  readonly port: number;
  readonly gateway: Address;
}

/** How the CDN is started. */
export function defineEdge({ paths, plan, port, gateway }: EdgeOptions): ProcessDefinition {
  const address = { host: '127.0.0.1', port };
  return {
    name: 'edge',
    kind: 'edge',
    ...nodeProgram(join(import.meta.dirname, 'processes', 'edge.ts'), { heap: 256, semiSpace: 16 }),
    environment: {},
    directory: paths.root,
    address,
    probe: expectAnswer(address, '/'),
    stop: { signal: 'SIGTERM', timeout: 10_000 },
    configuration: {
      port,
      plan: { access: plan.access },
      folders: originFolders(paths.root, plan),
      gateway,
      functions: edgeFunctions(paths.root, plan),
      storeFolder: join(paths.data, 'edge'),
    },
  };
}

/** Where the files of each origin are that has some, absolute. */
function originFolders(root: string, { access }: Plan): Record<string, string> {
  return Object.fromEntries(
    Object.entries(access.origins).flatMap(([name, origin]) =>
      'folder' in origin ? [[name, resolve(root, origin.folder)]] : [],
    ),
  );
}
