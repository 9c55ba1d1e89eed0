/** A vendor's quota: the number, its unit, and the page that states it. */
export interface Limit {
  readonly value: number;
  readonly unit: string;
  readonly reference: string;
}

const apiGateway = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html';
const apiGatewayCache =
  'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html';
const lambda = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';
const identityTokens =
  'https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html';
const fargate = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html';
const dynamodb = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html';
const appMesh = 'https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_WeightedTarget.html';
const cloudFront =
  'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html';
const alarms = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html';

/** Every quota the model holds a blueprint against; each is the vendor's default for a new account. */
export const limits = {
  gatewayAccountRate: { value: 10_000, unit: 'requests a second', reference: apiGateway },
  gatewayAccountBurst: { value: 5_000, unit: 'requests', reference: apiGateway },
  gatewayIntegrationTimeout: { value: 29_000, unit: 'ms', reference: apiGateway },
  gatewayIntegrationTimeoutFloor: { value: 50, unit: 'ms', reference: apiGateway },
  gatewayPayload: { value: 10 * 1024 * 1024, unit: 'bytes', reference: apiGateway },
  gatewayHeaders: { value: 10_240, unit: 'bytes', reference: apiGateway },
  gatewayCacheTtl: { value: 3_600_000, unit: 'ms', reference: apiGatewayCache },
  gatewayCacheEntry: { value: 1_048_576, unit: 'bytes', reference: apiGatewayCache },
  gatewayAuthorizerTtl: { value: 3_600_000, unit: 'ms', reference: apiGateway },
  gatewayResources: { value: 300, unit: 'resources', reference: apiGateway },
  functionMemory: { value: 10_240, unit: 'MiB', reference: lambda },
  functionTimeout: { value: 900_000, unit: 'ms', reference: lambda },
  functionPayload: { value: 6 * 1024 * 1024, unit: 'bytes', reference: lambda },
  serviceTasks: {
    value: 5_000,
    unit: 'tasks',
    reference: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html',
  },
  fargateCpu: { value: 16_384, unit: 'CPU units', reference: fargate },
  fargateMemory: { value: 122_880, unit: 'MiB', reference: fargate },
  meshWeight: { value: 100, unit: 'weight', reference: appMesh },
  relationalCapacity: {
    value: 256,
    unit: 'capacity units',
    reference:
      'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html',
  },
  relationalBackups: {
    value: 35 * 86_400_000,
    unit: 'ms',
    reference:
      'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.Retention.html',
  },
  tableIndexes: { value: 20, unit: 'indexes', reference: dynamodb },
  tableProjectedAttributes: { value: 100, unit: 'attributes', reference: dynamodb },
  alarmEvaluation: { value: 604_800_000, unit: 'ms', reference: alarms },
  webAclRate: {
    value: 2_000_000_000,
    unit: 'requests',
    reference: 'https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html',
  },
  identityRedirects: {
    value: 100,
    unit: 'addresses',
    reference: 'https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html',
  },
  identityAccessToken: { value: 300_000, unit: 'ms', reference: identityTokens },
  identityRefreshToken: { value: 3_650 * 86_400_000, unit: 'ms', reference: identityTokens },
  edgeBehaviors: { value: 75, unit: 'behaviours', reference: cloudFront },
  edgeOrigins: { value: 100, unit: 'origins', reference: cloudFront },
  edgePolicies: { value: 20, unit: 'policies of a kind', reference: cloudFront },
  edgeFunctions: { value: 100, unit: 'triggers', reference: cloudFront },
  cachePolicyHeaders: { value: 10, unit: 'headers', reference: cloudFront },
  originRequestPolicyHeaders: { value: 10, unit: 'headers', reference: cloudFront },
  policyQueryStrings: { value: 10, unit: 'query strings', reference: cloudFront },
  policyCookies: { value: 10, unit: 'cookies', reference: cloudFront },
  responseHeadersPolicyHeaders: { value: 10, unit: 'headers', reference: cloudFront },
  responseHeadersPolicyRemovals: { value: 10, unit: 'headers', reference: cloudFront },
  contentSecurityPolicy: { value: 1783, unit: 'characters', reference: cloudFront },
  cachePolicyTtl: {
    value: 36_500 * 86_400_000,
    unit: 'ms',
    reference:
      'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html',
  },
  pathPattern: {
    value: 255,
    unit: 'characters',
    reference:
      'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html',
  },
  viewerFunctionMemory: { value: 128, unit: 'MiB', reference: cloudFront },
  viewerFunctionTimeout: { value: 5_000, unit: 'ms', reference: cloudFront },
  originFunctionTimeout: { value: 30_000, unit: 'ms', reference: cloudFront },
  objectLock: {
    value: 36_500 * 86_400_000,
    unit: 'ms',
    reference: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html',
  },
} as const satisfies Record<string, Limit>;

/**
 * Memory sizes in MiB that Fargate offers for each CPU size.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
export const fargateMemory: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: range(1024, 4096, 1024),
  1024: range(2048, 8192, 1024),
  2048: range(4096, 16_384, 1024),
  4096: range(8192, 30_720, 1024),
  8192: range(16_384, 61_440, 4096),
  16384: range(32_768, 122_880, 8192),
};

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
}
