import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { roles } from '../../kernel/roles.ts';
import type { Plan } from '../../model/plan.ts';
import {
  clientIds,
  type IdentityConfiguration,
  issuerOf,
  keySetUrlOf,
} from '../../security/user-pool/configuration.ts';
import { refreshTokenGrace } from '../../security/user-pool/limits.ts';
import { expectStatus } from './http-probe.ts';
import { nodeProgram } from './node-program.ts';
import type { StatePaths } from './paths.ts';
import type { FixedPorts } from './ports.ts';
import type { ProcessDefinition } from './process.ts';
import type { Secrets } from './secrets.ts';

/** The user pool to be started. */
export interface IdentityOptions {
  readonly paths: StatePaths;
  readonly ports: FixedPorts;
  readonly plan: Pick<Plan, 'region' | 'data'>;
  readonly secrets: Secrets;
}

/** Who issues tokens, and where the keys are that verify them. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly clientIds: readonly string[];
}

/**
 * Where browsers see the platform: a name that is this machine for every browser, and what else people type; with
 * and without TLS, which the edge speaks on the same port.
 */
export function siteOrigins({ edge }: Pick<FixedPorts, 'edge'>): string[] {
  const hosts = ['app.localhost', 'localhost', '127.0.0.1'];
  return ['http', 'https'].flatMap((scheme) => hosts.map((host) => `${scheme}://${host}:${edge}`));
}

/** The issuer of a user pool on these ports. */
export function tokenIssuer({ ports, plan }: Pick<IdentityOptions, 'ports' | 'plan'>): TokenIssuer {
  const at = { port: ports.identity, region: plan.region };
  return { issuer: issuerOf(at), jwksUri: keySetUrlOf(at), clientIds: Object.values(clientIds) };
}

/** How the user pool is started: one user a role, who also is in the groups of the roles below. */
export function defineIdentity(options: IdentityOptions): ProcessDefinition {
  const { paths, ports, plan, secrets } = options;
  const { region } = plan;
  const { accessToken, absolute } = plan.data.sessions;
  const stateDirectory = join(paths.data, 'identity');
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  const address = { host: '127.0.0.1', port: ports.identity };
  const origins = siteOrigins(ports);
  const configuration: IdentityConfiguration = {
    port: ports.identity,
    stateDirectory,
    region,
    clients: {
      [clientIds.web]: {
        redirectUris: origins.map((origin) => `${origin}/session/callback`),
        logoutUris: origins.map((origin) => `${origin}/`),
        accessTokenLifetime: accessToken / 1000,
        refreshTokenLifetime: absolute / 1000,
        refreshTokenGrace,
      },
    },
    hint: 'On this machine there are reader, editor and admin; ./strata users prints their passwords.',
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
