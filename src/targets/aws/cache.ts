import { ArnFormat } from 'aws-cdk-lib';
import { CfnServerlessCache, CfnUser, CfnUserGroup } from 'aws-cdk-lib/aws-elasticache';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { cacheAccess } from '../../data/cache/access.ts';
import type { Plan } from '../../model/plan.ts';
import { identifier } from './identifier.ts';
import type { Keys } from './keys.ts';
import { type Deployment, Layer } from './layer.ts';
import type { Network } from './network.ts';

/** What the cache gives to those who use it. */
export interface Cache {
  /** The cache's name, which signing in needs. */
  readonly name: string;
  /** Its encrypted address for a service. */
  readonly urlOf: (service: string) => string;
  /** Lets a role sign in as a service's user, and as no other. */
  readonly grantSignIn: (grantee: IGrantable, service: string) => void;
}

const gibibyte = 1024 ** 3;

/** That of the local platform's engine. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html */
const majorEngineVersion = '9';

/**
 * Makes the read-through cache: Valkey Serverless, always encrypted, with a user of each service that signs in by
 * IAM and may do what the services do. There is no default user, so nobody else gets in. What it holds is a copy:
 * it keeps no snapshots.
 */
export function createCacheStack(
  deployment: Deployment,
  plan: Plan,
  { keys, network }: { keys: Keys; network: Network },
): Cache {
  const layer = new Layer(deployment, plan, { name: 'cache', description: 'the read-through cache' });
  const name = identifier([plan.name], 40);
  const services = Object.entries(plan.compute.services).flatMap(([service, { stores }]) =>
    stores.includes('cache') ? [service] : [],
  );
  const users = new Map(
    services.map((service) => {
      const userId = identifier([plan.name, service], 40);
      const user = new CfnUser(layer, `${service}-user`, {
        engine: 'valkey',
        userId,
        userName: userId,
        accessString: cacheAccess,
        authenticationMode: { Type: 'iam' },
      });
      return [service, { userId, user }];
    }),
  );
  const group = new CfnUserGroup(layer, 'users', {
    engine: 'valkey',
    userGroupId: name,
    userIds: [...users.values()].map(({ userId }) => userId),
  });
  for (const { user } of users.values()) group.addResourceDependency(user);
  const cache = new CfnServerlessCache(layer, 'cache', {
    serverlessCacheName: name,
    description: `${plan.name}: ${layer.stackName}`,
    engine: 'valkey',
    majorEngineVersion,
    subnetIds: network.vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
    securityGroupIds: [network.groups.cache.securityGroupId],
    userGroupId: group.ref,
    kmsKeyId: keys.cache.keyArn,
    cacheUsageLimits: {
      // The vendor's smallest size is a whole gibibyte.
      dataStorage: { unit: 'GB', maximum: Math.max(1, Math.ceil(plan.data.cache.memory / gibibyte)) },
    },
  });
  return {
    name,
    urlOf: (service) =>
      `rediss://${users.get(service)?.userId}@${cache.attrEndpointAddress}:${cache.attrEndpointPort}`,
    grantSignIn: (grantee, service) => {
      const userId = users.get(service)?.userId;
      if (userId === undefined) throw new Error(`the cache has no user of ${service}`);
      const user = layer.formatArn({
        service: 'elasticache',
        resource: 'user',
        resourceName: userId,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
      Grant.addToPrincipal({
        grantee,
        actions: ['elasticache:Connect'],
        resourceArns: [cache.attrArn, user],
      });
    },
  };
}
