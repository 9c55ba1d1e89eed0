import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { Plan } from '../../../model/plan.ts';
import type { TokenIssuer } from '../clients.ts';
import { createFunction } from '../function.ts';
import type { Deployment, Layer } from '../layer.ts';
import type { Logs } from '../logs.ts';
import { trace } from './tracing.ts';

/** The function that decides who may call the API: the same source as on a laptop. */
export function createAuthorizerFunction(
  layer: Layer,
  deployment: Deployment,
  { name, gateway }: Plan,
  { issuer, logs }: { issuer: TokenIssuer; logs: Logs },
): CfnFunction {
  const authorize = createFunction(layer, 'authorizer', deployment, {
    name: `${name}-authorizer`,
    entry: 'functions/authorizer/handler.ts',
    description: `Decides who may call ${gateway.name}`,
    environment: {
      ISSUER: issuer.issuer,
      JWKS_URI: issuer.jwksUri,
      CLIENT_IDS: issuer.clientIds.join(','),
    },
    // Longer than it waits for a key set.
    timeout: 5000,
    memory: 256,
    logs,
  });
  return trace(authorize);
}
