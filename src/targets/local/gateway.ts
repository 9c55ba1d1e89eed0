import { join } from 'node:path';
import type { GatewayConfiguration } from '../../gateway/configuration.ts';
import type { Plan } from '../../model/plan.ts';
import { expectAnswer } from './http-probe.ts';
import type { TokenIssuer } from './identity.ts';
import { nodeProgram } from './node-program.ts';
import type { StatePaths } from './paths.ts';
import type { Address, ProcessDefinition } from './process.ts';

/** The API gateway to be started. */
export interface GatewayOptions {
  readonly paths: StatePaths;
  readonly plan: Plan;
  readonly port: number;
  /** The mesh's ingress. */
  readonly ingress: Address;
  readonly issuer: TokenIssuer;
  readonly functions: GatewayConfiguration['functions'];
}

/** How the API gateway is started. */
export function defineGateway(options: GatewayOptions): ProcessDefinition {
  const { paths, plan, port, ingress, issuer, functions } = options;
  const address = { host: '127.0.0.1', port };
  const configuration: GatewayConfiguration = {
    port,
    plan: { gateway: plan.gateway, explain: plan.access.explain },
    ingress,
    functions,
    identity: issuer,
  };
  return {
    name: 'gateway',
    kind: 'gateway',
    ...nodeProgram(join(import.meta.dirname, 'processes', 'gateway.ts'), { heap: 384, semiSpace: 16 }),
    environment: { FUNCTION_LOGS: paths.logs },
    directory: paths.root,
    address,
    probe: expectAnswer(address, '/'),
    stop: { signal: 'SIGTERM', timeout: 10_000 },
    configuration,
  };
}
