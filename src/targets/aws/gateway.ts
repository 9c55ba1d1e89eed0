import { CfnOutput } from 'aws-cdk-lib';
import type { CfnStage } from 'aws-cdk-lib/aws-apigateway';
import { CfnVpcLink } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Plan } from '../../model/plan.ts';
import type { Api } from './api.ts';
import type { TokenIssuer } from './clients.ts';
import { createAuthorizerFunction } from './gateway/authorizer-function.ts';
import { createAuthorizers } from './gateway/authorizers.ts';
import { createCacheRefresh } from './gateway/cache-refresh.ts';
import { readDocuments } from './gateway/document.ts';
import { createExecutionLog } from './gateway/execution-log.ts';
import { createGatewayFunctions } from './gateway/functions.ts';
import { methodsOf } from './gateway/methods.ts';
import { createMethods } from './gateway/resources.ts';
import { createGatewayResponses } from './gateway/responses.ts';
import { createStage } from './gateway/stage.ts';
import type { Keys } from './keys.ts';
import { type Deployment, Layer } from './layer.ts';
import type { Logs } from './logs.ts';
import type { Sessions } from './sessions.ts';
import { createWebAcl, type OriginHeader } from './web-acl.ts';

/** What the gateway stands on. */
export interface GatewayInputs {
  readonly api: Api;
  readonly keys: Keys;
  readonly logs: Logs;
  /** Where the API enters the network: subnets, and the group of what comes from there. */
  readonly entrance: { readonly subnetIds: readonly string[]; readonly securityGroupId: string };
  readonly issuer: TokenIssuer;
  /** The load balancer in front of the mesh: its ARN, and scheme and authority of its address. */
  readonly balancer: { readonly arn: string; readonly url: string };
  readonly sessions: SessionInputs;
  /** What the CDN's requests to the API carry. */
  readonly cdn: OriginHeader;
}

/** What the function of the sessions stands on. */
interface SessionInputs extends Sessions {
  /** Where viewers see the platform. */
  readonly origin: string;
  readonly pool: { readonly issuer: string; readonly endpoint: string; readonly clientId: string };
}

/** Gives the API its routes: authorizers, methods, throttles, cache, and the web ACL in front. */
export function createGatewayStack(deployment: Deployment, plan: Plan, inputs: GatewayInputs): void {
  const { api, keys, logs, entrance, issuer, balancer, cdn, sessions } = inputs;
  const layer = new Layer(deployment, plan, {
    name: 'gateway',
    description: "the REST API's routes, authorizers, throttles, cache and web ACL",
  });
  const link = new CfnVpcLink(layer, 'vpc-link', {
    name: `${plan.name}-api`,
    subnetIds: [...entrance.subnetIds],
    securityGroupIds: [entrance.securityGroupId],
  });
  const methods = methodsOf(plan.gateway.routes, readDocuments(deployment.root, plan));
  const authorize = createAuthorizerFunction(layer, deployment, plan, { issuer, logs });
  const functions = createGatewayFunctions(layer, deployment, plan, {
    api,
    logs,
    stores: { sessions: { grantUse: sessions.grantUse, environment: sessionEnvironment(plan, sessions) } },
  });
  const parts = createMethods(layer, {
    api,
    methods,
    authorizerOf: createAuthorizers(layer, { api, routes: plan.gateway.routes, authorize }),
    target: {
      vpcLinkId: link.ref,
      loadBalancerArn: balancer.arn,
      url: balancer.url,
      functions,
      timeout: plan.gateway.integrationTimeout,
      explain: plan.access.explain,
    },
  });
  const stage = createStage(layer, plan, {
    api,
    methods,
    parts: [...parts, ...createGatewayResponses(layer, api)],
    accessLog: logs.group(`/apigateway/${plan.gateway.name}`),
  });
  stage.addResourceDependency(createExecutionLog(layer, plan, { api, keys }));
  createCacheRefresh(layer, plan, { api, methods, stage });
  protectStage(layer, plan, { api, stage, logs, cdn });
  new CfnOutput(layer, 'Api', {
    value: `https://${api.host}/${api.stage}`,
    description: 'What mobile apps call',
  });
}

/** What the function of the sessions finds in its environment; the secret itself it asks for. */
function sessionEnvironment({ data }: Plan, { secretArn, origin, pool }: SessionInputs) {
  const { table, idle, absolute, leeway } = data.sessions;
  return {
    SESSION_SETTINGS: JSON.stringify({ table, idle, absolute, leeway, origins: [origin], pool }),
    SESSION_SECRET_ID: secretArn,
  };
}

/** Puts the web ACL in front of the stage. */
function protectStage(
  layer: Layer,
  plan: Plan,
  { api, stage, logs, cdn }: Pick<GatewayInputs, 'api' | 'logs' | 'cdn'> & { stage: CfnStage },
): void {
  const log = logs.group(`aws-waf-logs-${plan.name}-api`);
  const acl = createWebAcl(layer, plan, { scope: 'REGIONAL', logGroup: log.logGroupName, cdn });
  const association = new CfnWebACLAssociation(layer, 'web-acl-association', {
    resourceArn: `arn:${layer.partition}:apigateway:${layer.region}::/restapis/${api.id}/stages/${api.stage}`,
    webAclArn: acl.attrArn,
  });
  association.addResourceDependency(stage);
}
