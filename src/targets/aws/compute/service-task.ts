import { Duration } from 'aws-cdk-lib';
import {
  type ContainerDefinition,
  ContainerDependencyCondition,
  type FargateTaskDefinition,
  type HealthCheck,
  Protocol,
} from 'aws-cdk-lib/aws-ecs';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Plan } from '../../../model/plan.ts';
import type { Certificates } from '../certificates.ts';
import { applicationPort, taskPorts } from '../mesh/proxy-environment.ts';
import { collectorOf } from '../observability/collector.ts';
import type { Images } from './images.ts';
import { programOf } from './service-image.ts';
import { addProxy, memoryLimitOf, memoryOf } from './sidecars.ts';
import { addContainer, createTask, type Log } from './task.ts';

type ServicePlan = Plan['compute']['services'][string];

/** What one service's tasks are made of. */
export interface ServiceTaskOptions {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly images: Images;
  readonly certificates: Certificates | undefined;
  readonly logGroup: LogGroup;
}

/** Share of the application's memory its heap may take; buffers, code and stacks take the rest. */
const heapShare = 0.75;

/**
 * The task definition of the blueprint: the application, its proxy, and what those two need beside them.
 * @throws Error when the plan has no such service
 */
export function createServiceTask(
  scope: Construct,
  plan: Plan,
  { name, environment, images, certificates, logGroup }: ServiceTaskOptions,
): FargateTaskDefinition {
  const service = plan.compute.services[name];
  if (!service) throw new Error(`the plan has no service ${name}`);
  const { cpu, memory, architecture, health, stopTimeout } = service;
  const task = createTask(scope, { family: name, cpu, memory, architecture });
  const log: Log = { group: logGroup, name: service.logGroup, region: plan.region };
  const collector = collectorOf(plan);
  const own = memory - memoryOf.proxy - memoryOf.certificates - memoryOf.collector;
  const app = addContainer(task, 'app', {
    image: images.services(architecture),
    log,
    user: '1000',
    memoryLimitMiB: own,
    command: [
      `--max-old-space-size=${Math.floor(own * heapShare)}`,
      '--max-semi-space-size=8',
      programOf(service.source),
    ],
    // The port callers know; in the task's one network it is the proxy that listens there.
    portMappings: [{ containerPort: service.port, protocol: Protocol.TCP }],
    environment: { ...environment, OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint },
    healthCheck: answering(health, [
      `http://127.0.0.1:${applicationPort(service.port)}${health.path}`,
      `http://127.0.0.1:${taskPorts.admin}/ready`,
    ]),
    stopTimeout: Duration.millis(stopTimeout),
  });
  const proxy = addProxy(task, {
    name,
    images: { proxy: images.proxy('node', name, architecture), service: images.services(architecture) },
    certificates,
    log,
  });
  const traces = addContainer(task, 'collector', {
    image: images.collector(architecture),
    log,
    essential: false,
    user: '4317',
    memoryReservationMiB: memoryOf.collector,
    memoryLimitMiB: memoryLimitOf.collector,
    environment: { ...collector.environment },
  });
  task.addToTaskRolePolicy(collector.permissions);
  // What starts first ends last: the application's last answers still leave by its proxy.
  startAfter(app, proxy, traces);
  return task;
}

function startAfter(container: ContainerDefinition, ...others: readonly ContainerDefinition[]): void {
  for (const other of others) {
    container.addContainerDependencies({ container: other, condition: ContainerDependencyCondition.START });
  }
}

/** Asks every address; no more often than ECS can (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html). */
function answering(health: ServicePlan['health'], addresses: readonly string[]): HealthCheck {
  const ask = (address: string) => `wget -q -O /dev/null ${address}`;
  return {
    command: ['CMD-SHELL', addresses.map(ask).join(' && ')],
    interval: Duration.millis(Math.max(5_000, health.interval)),
    timeout: Duration.millis(Math.max(2_000, health.timeout)),
    retries: health.unhealthyThreshold,
    startPeriod: Duration.seconds(120),
  };
}
