import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  clientIds,
  type IdentityConfiguration,
  issuerOf,
  keySetUrlOf,
} from '../../security/user-pool/configuration.ts';
import { expectStatus } from './http-probe.ts';
import { nodeProgram } from './node-program.ts';
import type { StatePaths } from './paths.ts';
import type { FixedPorts } from './ports.ts';
import type { ProcessDefinition } from './process.ts';
import { roles, type Secrets } from './secrets.ts';

/** The user pool to be started. */
export interface IdentityOptions {
  readonly paths: StatePaths;
  readonly ports: FixedPorts;
  readonly region: string;
  readonly secrets: Secrets;
}

/** Who issues tokens, and where the keys are that verify them. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly clientIds: readonly string[];
}

/** The issuer of a user pool on these ports. */
export function tokenIssuer({ ports, region }: Pick<IdentityOptions, 'ports' | 'region'>): TokenIssuer {
  const at = { port: ports.identity, region };
  return { issuer: issuerOf(at), jwksUri: keySetUrlOf(at), clientIds: Object.values(clientIds) };
}

/** How the user pool is started: one user a role, who also is in the groups of the roles below. */
export function defineIdentity(options: IdentityOptions): ProcessDefinition {
  const { paths, ports, region, secrets } = options;
  const stateDirectory = join(paths.data, 'identity');
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  const address = { host: '127.0.0.1', port: ports.identity };
  const redirectUris = ['app.localhost', '127.0.0.1'].map((host) => `http://${host}:${ports.edge}/signed-in`);
  const configuration: IdentityConfiguration = {
    port: ports.identity,
    stateDirectory,
    region,
    clients: { [clientIds.web]: { redirectUris } },
    users: roles.map((role) => ({ username: role, password: secrets.users[role], groups: [role] })),
  };
  return {
    name: 'identity',
    kind: 'identity',
    ...nodeProgram(join(import.meta.dirname, 'processes', 'identity.ts'), { heap: 128, semiSpace: 2 }),
    environment: {},
    directory: paths.root,
    address,
    probe: expectStatus(address, new URL(keySetUrlOf({ port: ports.identity, region })).pathname, 200),
    stop: { signal: 'SIGTERM', timeout: 5000 },
    configuration,
  };
}
