import { join } from 'node:path';

/** Where the platform of one project keeps its state. Absolute paths. */
export interface StatePaths {
  readonly root: string;
  readonly state: string;
  readonly engines: string;
  readonly data: string;
  readonly pki: string;
  readonly envoy: string;
  readonly logs: string;
  readonly compileCache: string;
  readonly run: string;
  readonly secrets: string;
  readonly lock: string;
}

/** The places under a project's `.strata` folder. */
export function statePaths(root: string): StatePaths {
  const state = join(root, '.strata');
  return {
    root,
    state,
    engines: join(state, 'engines'),
    data: join(state, 'data'),
    pki: join(state, 'pki'),
    envoy: join(state, 'envoy'),
    logs: join(state, 'logs'),
    compileCache: join(state, 'compile-cache'),
    run: join(state, 'run.json'),
    secrets: join(state, 'secrets.json'),
    lock: join(state, 'lock.json'),
  };
}
