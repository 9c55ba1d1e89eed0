import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { type CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { Plan } from '../../../model/plan.ts';
import type { Api } from '../api.ts';
import { createFunction } from '../function.ts';
import type { Deployment, Layer } from '../layer.ts';
import type { Logs } from '../logs.ts';
import { trace } from './tracing.ts';

/** What a store gives to a function that uses it. */
export interface FunctionStore {
  readonly environment: Readonly<Record<string, string>>;
  readonly grantUse: (grantee: IGrantable) => void;
}

/** What the functions stand on. */
export interface FunctionInputs {
  readonly api: Api;
  readonly logs: Logs;
  readonly stores: Readonly<Record<'sessions', FunctionStore>>;
}

/**
 * The functions that routes name, each with what its stores ask for and nothing else, and callable by this API alone.
 * @returns by name, the address API Gateway calls a function at
 */
export function createGatewayFunctions(
  layer: Layer,
  deployment: Deployment,
  plan: Plan,
  { api, logs, stores }: FunctionInputs,
): Readonly<Record<string, string>> {
  const entries = Object.entries(plan.gateway.functions).map(([name, settings]) => {
    const used = settings.stores.map((store) => stores[store]);
    const lambda = createFunction(layer, `function-${name}`, deployment, {
      name: `${plan.name}-${name}`,
      entry: `${settings.source.slice(2)}/handler.ts`,
      description: `${plan.name}: ${name}, behind ${plan.gateway.name}`,
      environment: Object.assign({}, ...used.map(({ environment }) => environment)),
      timeout: settings.timeout,
      memory: settings.memory,
      logs,
    });
    for (const { grantUse } of used) grantUse(lambda);
    trace(lambda);
    const { attrArn } = lambda.node.defaultChild as CfnFunction;
    new CfnPermission(layer, `function-${name}-permission`, {
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      functionName: attrArn,
      sourceArn: layer.formatArn({
        service: 'execute-api',
        resource: api.id,
        resourceName: `${api.stage}/*`,
      }),
    });
    return [name, invocationOf(layer, attrArn)] as const;
  });
  return Object.fromEntries(entries);
}

/** The address API Gateway calls a function at. */
export function invocationOf(layer: Layer, functionArn: string): string {
  return `arn:${layer.partition}:apigateway:${layer.region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}
