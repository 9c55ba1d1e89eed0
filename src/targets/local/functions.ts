import { join } from 'node:path';
import type { FunctionDefinition } from '../../gateway/functions/definition.ts';
import type { Plan } from '../../model/plan.ts';
import { clientIds, endpointOf, issuerOf } from '../../security/user-pool/configuration.ts';
import type { StoreConnections } from './compute.ts';
import { siteOrigins } from './identity.ts';
import type { FixedPorts } from './ports.ts';
import type { Secrets } from './secrets.ts';
import { sourceDigest } from './source.ts';

/** What the gateway's functions are made of. Holds secrets: never to be logged. */
export interface FunctionOptions {
  readonly root: string;
  readonly plan: Plan;
  readonly ports: FixedPorts;
  readonly stores: StoreConnections;
  readonly secrets: Secrets;
}

/** How the gateway runs each function. Another source makes another definition, so that `up` takes it up. */
export function defineFunctions(options: FunctionOptions): Record<string, FunctionDefinition> {
  const { root, plan } = options;
  return Object.fromEntries(
    Object.entries(plan.gateway.functions).map(([name, { source, memory, timeout, stores }]) => {
      const folder = join(root, source);
      const variables = {
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_REGION: plan.region,
        ...(stores.includes('sessions') ? sessionVariables(options) : {}),
      };
      const file = join(folder, 'handler.ts');
      return [name, { file, digest: sourceDigest(folder), memory, timeout, variables }];
    }),
  );
}

/** How the sessions are kept, and whom they belong to. */
function sessionVariables({ plan, ports, stores, secrets }: FunctionOptions): Record<string, string> {
  const { table, idle, absolute, leeway } = plan.data.sessions;
  const at = { port: ports.identity, region: plan.region };
  const pool = { issuer: issuerOf(at), endpoint: endpointOf(at), clientId: clientIds.web };
  return {
    SESSION_SETTINGS: JSON.stringify({ table, idle, absolute, leeway, origins: siteOrigins(ports), pool }),
    SESSION_SECRET: secrets.sessions,
    AWS_ENDPOINT_URL_DYNAMODB: stores.table.endpoint,
    AWS_ACCESS_KEY_ID: stores.table.accessKeyId,
    AWS_SECRET_ACCESS_KEY: stores.table.secretAccessKey,
  };
}
