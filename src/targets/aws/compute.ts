import { Cluster, ContainerInsights, type ICluster } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Plan } from '../../model/plan.ts';
import type { Cache } from './cache.ts';
import type { Certificates } from './certificates.ts';
import { serviceEnvironment } from './compute/environment.ts';
import { createImages, type Images } from './compute/images.ts';
import { createIngress } from './compute/ingress.ts';
import { createMigration } from './compute/migration.ts';
import { createService } from './compute/service.ts';
import { createServiceTask } from './compute/service-task.ts';
import { type Deployment, Layer } from './layer.ts';
import type { Logs } from './logs.ts';
import type { Mesh } from './mesh.ts';
import { meshTopology } from './mesh-topology.ts';
import type { Network } from './network.ts';
import type { Relational } from './relational.ts';
import type { LookupTable } from './table.ts';

/** What the services stand on. */
export interface ComputeInputs {
  readonly logs: Logs;
  readonly network: Network;
  /** Tasks start only where the vendor's services can be reached. */
  readonly connectivity: Layer;
  readonly relational: Relational;
  readonly table: LookupTable;
  readonly cache: Cache;
  readonly certificates: Certificates | undefined;
  readonly mesh: Mesh;
  readonly accessLogs: Bucket;
}

/** What the cluster gives to others. */
export interface Compute {
  /** Names of the cluster's services, the mesh's ingress among them. */
  readonly services: readonly string[];
  readonly balancer: ApplicationLoadBalancer;
}

/** Makes the cluster: a service for each of the plan's, the mesh's ingress, and the load balancer in front of that. */
export function createComputeStack(deployment: Deployment, plan: Plan, inputs: ComputeInputs): Compute {
  const { logs, network, relational } = inputs;
  const layer = new Layer(deployment, plan, { name: 'compute', description: 'the cluster and its services' });
  layer.addStackDependency(inputs.connectivity);
  // The library's own types do not fit each other under exactOptionalPropertyTypes.
  const cluster = new Cluster(layer, 'cluster', {
    clusterName: plan.compute.cluster,
    vpc: network.vpc,
    containerInsightsV2: ContainerInsights.ENHANCED,
    enableFargateCapacityProviders: true,
  }) as ICluster;
  const images = createImages(layer, deployment, plan);
  const services = Object.keys(plan.compute.services);
  const migration = createMigration(layer, deployment, plan, {
    cluster,
    image: images.services(plan.compute.ingress.architecture),
    relational,
    network,
    logs,
    users: services.filter((name) => plan.compute.services[name]?.stores.includes('relational')),
  });
  for (const name of services) {
    const service = createServiceOf(layer, plan, name, { ...inputs, cluster, images });
    if (plan.compute.services[name]?.stores.includes('relational')) service.node.addDependency(migration);
  }
  const balancer = createIngress(layer, plan, { ...inputs, cluster, images });
  return { services: [...services, meshTopology(plan).gateway.name], balancer };
}

/** One service of the plan: its task definition, its rights, and where it is found. */
function createServiceOf(
  layer: Layer,
  plan: Plan,
  name: string,
  inputs: ComputeInputs & { readonly cluster: ICluster; readonly images: Images },
) {
  const { logs, network, relational, cache, table, certificates, mesh, cluster, images } = inputs;
  const service = plan.compute.services[name];
  const securityGroup = network.groups.services[name];
  if (!service || !securityGroup) throw new Error(`the plan has no service ${name}`);
  const task = createServiceTask(layer, plan, {
    name,
    environment: serviceEnvironment(plan, name, {
      databaseOf: relational.urlOf,
      cacheOf: (user) => ({ url: cache.urlOf(user), name: cache.name }),
    }),
    images,
    certificates,
    logGroup: logs.group(service.logGroup),
  });
  if (service.stores.includes('relational')) relational.grantSignIn(task.taskRole, name);
  if (service.stores.includes('cache')) cache.grantSignIn(task.taskRole, name);
  if (service.stores.includes('table')) table.grantUse(task.taskRole);
  const { tasks, scaling } = service;
  const running = createService(layer, { name, cluster, task, securityGroup, tasks, scaling });
  const registry = mesh.discovery[name];
  if (registry) running.associateCloudMapService({ service: registry });
  return running;
}
