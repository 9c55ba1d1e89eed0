import { Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { Plan } from '../../../model/plan.ts';
import type { TokenIssuer } from '../clients.ts';
import { createFunction } from '../function.ts';
import type { Deployment, Layer } from '../layer.ts';
import type { Logs } from '../logs.ts';

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
  authorize.addToRolePolicy(
    new PolicyStatement({
      actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      resources: ['*'],
    }),
  );
  Validations.of(authorize.role ?? authorize).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'These actions of X-Ray take no narrower resource.',
  });
  const resource = authorize.node.defaultChild as CfnFunction;
  resource.tracingConfig = { mode: 'Active' };
  return resource;
}
