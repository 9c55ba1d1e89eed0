import { request } from 'node:http';
import type { Address, ProcessDefinition } from '../process.ts';
import type { Executables } from './acquisition.ts';

/** One Envoy. */
export interface ProxyOptions {
  /** What `strata status` calls it. */
  readonly name: string;
  readonly executables: Executables<'envoy'>;
  /** Absolute path of its bootstrap configuration. */
  readonly bootstrapFile: string;
  /** Folder it runs in. */
  readonly directory: string;
  /** Address of its admin listener, as in the bootstrap. */
  readonly admin: Address;
  /** Address `strata status` shows. */
  readonly address?: Address;
}

const probeTimeout = 1000;

/**
 * Says how an Envoy is started. Hot restart is off (configuration is reloaded from files instead), so that proxies
 * need no shared memory and no base id each.
 */
export function defineProxy(options: ProxyOptions): ProcessDefinition {
  const { executables, bootstrapFile, admin, address } = options;
  return {
    name: options.name,
    kind: 'proxy',
    command: executables.envoy,
    arguments: ['-c', bootstrapFile, '--concurrency', '1', '--disable-hot-restart', '--log-level', 'warning'],
    environment: {},
    directory: options.directory,
    ...(address === undefined ? {} : { address }),
    probe: () => ready(admin),
    stop: { signal: 'SIGTERM', timeout: 5_000 },
  };
}

/** GET /ready of Envoy's admin interface answers 200 when the server is live. */
function ready({ host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request({ host, port, path: '/ready', agent: false, timeout: probeTimeout }, (answer) => {
      answer.resume();
      if (answer.statusCode === 200) resolve();
      else reject(new Error(`/ready was answered ${answer.statusCode}`));
    });
    call.on('timeout', () => call.destroy(new Error(`no answer within ${probeTimeout} ms`)));
    call.on('error', reject);
    call.end();
  });
}
