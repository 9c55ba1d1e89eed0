import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Plan } from '../../../model/plan.ts';
import type { Certificates } from '../certificates.ts';
import type { Layer } from '../layer.ts';
import type { Logs } from '../logs.ts';
import { meshTopology } from '../mesh-topology.ts';
import type { Network } from '../network.ts';
import { createBalancer } from './balancer.ts';
import type { Images } from './images.ts';
import { ingressLog } from './log-names.ts';
import { createService } from './service.ts';
import { addProxy } from './sidecars.ts';
import { createTask } from './task.ts';

/** What the ingress is made of. */
export interface IngressInputs {
  readonly logs: Logs;
  readonly network: Network;
  readonly certificates: Certificates | undefined;
  readonly cluster: ICluster;
  readonly images: Images;
  readonly accessLogs: Bucket;
}

/** The mesh's virtual gateway as a service of proxies, and the load balancer in front of it. */
export function createIngress(layer: Layer, plan: Plan, inputs: IngressInputs): ApplicationLoadBalancer {
  const { logs, network, certificates, cluster, images, accessLogs } = inputs;
  const { tasks, scaling, ...size } = plan.compute.ingress;
  const { name, port } = meshTopology(plan).gateway;
  const task = createTask(layer, { family: name, ...size });
  const logName = ingressLog(plan);
  const proxy = addProxy(task, {
    name,
    images: {
      proxy: images.proxy('gateway', name, size.architecture),
      service: images.services(size.architecture),
    },
    certificates,
    log: { group: logs.group(logName), name: logName, region: plan.region },
    tellsReadiness: true,
  });
  proxy.addPortMappings({ containerPort: port });
  const securityGroup = network.groups.ingress;
  const ingress = createService(layer, { name, cluster, task, securityGroup, tasks, scaling });
  return createBalancer(layer, {
    name: plan.name,
    network,
    ingress,
    port,
    tellsReadiness: certificates !== undefined,
    accessLogs,
  });
}
