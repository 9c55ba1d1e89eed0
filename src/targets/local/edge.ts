import { join } from 'node:path';
import { withPageScripts } from '../../edge/page-scripts.ts';
import { pagesFolder } from '../../edge/pages-folder.ts';
import type { Plan } from '../../model/plan.ts';
import { edgeFunctions } from './edge-functions.ts';
import { expectAnswer } from './http-probe.ts';
import { nodeProgram } from './node-program.ts';
import type { PagesCertificateFiles } from './pages-certificate.ts';
import type { StatePaths } from './paths.ts';
import type { Address, ProcessDefinition } from './process.ts';

/** The CDN to be started. */
export interface EdgeOptions {
  readonly paths: StatePaths;
  readonly plan: Plan;
  readonly port: number;
  readonly gateway: Address;
  /** What it speaks TLS with. */
  readonly certificate: PagesCertificateFiles;
}

/** How the CDN is started. */
export function defineEdge({ paths, plan, port, gateway, certificate }: EdgeOptions): ProcessDefinition {
  const address = { host: '127.0.0.1', port };
  const folders = originFolders(paths.root, plan);
  const { access } = plan;
  const policies = withPageScripts(access.responseHeadersPolicies, Object.values(folders));
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
      plan: { access: { ...access, responseHeadersPolicies: policies } },
      folders,
      gateway,
      certificate,
      functions: edgeFunctions(paths.root, plan),
      storeFolder: join(paths.data, 'edge'),
    },
  };
}

/** Where the files of each origin are that has some, absolute. */
function originFolders(root: string, { access }: Plan): Record<string, string> {
  return Object.fromEntries(
    Object.entries(access.origins).flatMap(([name, origin]) =>
      'folder' in origin ? [[name, pagesFolder(root, origin.folder)]] : [],
    ),
  );
}
