import { createHash } from 'node:crypto';
import type { CfnResource } from 'aws-cdk-lib';
import { CfnDeployment, CfnStage } from 'aws-cdk-lib/aws-apigateway';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Plan } from '../../../model/plan.ts';
import type { Api } from '../api.ts';
import type { Layer } from '../layer.ts';
import { accessLogFormat } from './access-log.ts';
import { isCached, type MethodDefinition } from './methods.ts';

/** What a stage is made of. */
export interface StageInputs {
  readonly api: Api;
  readonly methods: readonly MethodDefinition[];
  /** Everything a deployment is a copy of. */
  readonly parts: readonly CfnResource[];
  readonly accessLog: LogGroup;
}

/** Cache sizes in GB that the vendor offers (https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html). */
const cacheSizes = [0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237];

/** The stage: what is deployed, and the throttle and cache of each method. */
export function createStage(layer: Layer, { gateway }: Plan, inputs: StageInputs): CfnStage {
  const { api, methods, parts, accessLog } = inputs;
  const deployment = createDeployment(layer, api, parts);
  const cached = methods.some(isCached);
  return new CfnStage(layer, 'stage', {
    restApiId: api.id,
    stageName: api.stage,
    description: `${gateway.name}: what clients call`,
    deploymentId: deployment.ref,
    tracingEnabled: true,
    accessLogSetting: { destinationArn: accessLog.logGroupArn, format: accessLogFormat },
    cacheClusterEnabled: cached,
    ...(cached ? { cacheClusterSize: cacheSizeOf(gateway.cacheSize) } : {}),
    methodSettings: [
      {
        resourcePath: '/*',
        httpMethod: '*',
        loggingLevel: 'ERROR',
        dataTraceEnabled: false,
        metricsEnabled: true,
        cachingEnabled: false,
        throttlingRateLimit: gateway.account.rate,
        throttlingBurstLimit: gateway.account.burst,
      },
      ...methods.map((method) => settingsOf(method)),
    ],
  });
}

/** A setting replaces the whole of the stage's, so each says everything. */
function settingsOf(method: MethodDefinition): CfnStage.MethodSettingProperty {
  const { path, name, route } = method;
  return {
    resourcePath: path === '/' ? '/' : `/${path.replaceAll('/', '~1')}`,
    httpMethod: name,
    loggingLevel: 'ERROR',
    dataTraceEnabled: false,
    metricsEnabled: true,
    throttlingRateLimit: route.throttle.rate,
    throttlingBurstLimit: route.throttle.burst,
    cachingEnabled: isCached(method),
    cacheTtlInSeconds: isCached(method) ? Math.round(route.cache.ttl / 1000) : 0,
    cacheDataEncrypted: true,
  };
}

/** The smallest size that holds what the blueprint asks for. */
function cacheSizeOf(bytes: number): string {
  const size = cacheSizes.find((gigabytes) => gigabytes * 1024 ** 3 >= bytes) ?? cacheSizes.at(-1);
  return String(size);
}

/**
 * A deployment is a copy of the API as it is, and is never changed: one of another content is another one, so its
 * name holds what it was made of.
 */
function createDeployment(layer: Layer, api: Api, parts: readonly CfnResource[]): CfnDeployment {
  const content = parts.map((part) => layer.resolve(part._toCloudFormation()));
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
  const deployment = new CfnDeployment(layer, `deployment-${hash}`, {
    restApiId: api.id,
    description: `The API of content ${hash}`,
  });
  for (const part of parts) deployment.addResourceDependency(part);
  return deployment;
}
