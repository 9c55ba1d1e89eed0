import { Duration } from 'aws-cdk-lib';
import type { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import {
  type ContainerDefinition,
  ContainerDependencyCondition,
  type FargateTaskDefinition,
  UlimitName,
} from 'aws-cdk-lib/aws-ecs';
import type { Certificates } from '../certificates.ts';
import { folders, taskPorts } from '../mesh/proxy-environment.ts';
import { companionProgram } from './service-image.ts';
import { addContainer, type Log } from './task.ts';

/** The user of the proxy in the blueprint's task definition; what keeps its certificate is the same one. */
const proxyUser = '1337';
const volume = 'certificates';
/** Milliseconds between two looks at a certificate that is replaced every few days. */
const period = 300_000;

/** MiB that what stands beside an application usually takes, which nobody else is given. */
export const memoryOf = { proxy: 96, certificates: 64, collector: 64 } as const;

/** MiB it may take at most, while there is that much: a leak of one of them is to end it, and not the application. */
export const memoryLimitOf = { proxy: 256, certificates: 128, collector: 128 } as const;

/** What the containers beside an application are made of. */
export interface SidecarOptions {
  /** The proxy's name in the mesh. */
  readonly name: string;
  readonly images: { readonly proxy: DockerImageAsset; readonly service: DockerImageAsset };
  readonly certificates: Certificates | undefined;
  readonly log: Log;
  /** Whether a load balancer has to be told when the proxy is ready. */
  readonly tellsReadiness?: boolean;
}

/** Adds the proxy, and what keeps its certificate as Secrets Manager has it; the proxy starts when there is one. */
export function addProxy(task: FargateTaskDefinition, options: SidecarOptions): ContainerDefinition {
  const { name, images, certificates, log } = options;
  const proxy = addContainer(task, 'envoy', {
    image: images.proxy,
    log,
    user: proxyUser,
    memoryReservationMiB: memoryOf.proxy,
    memoryLimitMiB: memoryLimitOf.proxy,
    environment: { APPMESH_RESOURCE_NAME: name },
  });
  proxy.addUlimits({ name: UlimitName.NOFILE, softLimit: 65_535, hardLimit: 65_535 });
  if (certificates === undefined) return proxy;
  task.addVolume({ name: volume });
  const keeper = addContainer(task, volume, {
    image: images.service,
    log,
    user: proxyUser,
    memoryReservationMiB: memoryOf.certificates,
    memoryLimitMiB: memoryLimitOf.certificates,
    command: ['--max-old-space-size=24', '--max-semi-space-size=1', companionProgram('certificates')],
    environment: {
      SERVICE_NAME: name,
      AWS_REGION: log.region,
      CERTIFICATE_SECRET: certificates.secretOf(name),
      CERTIFICATE_FOLDER: folders.certificates,
      CERTIFICATE_PERIOD: String(period),
      ...(options.tellsReadiness === true
        ? {
            READINESS_PORT: String(taskPorts.readiness),
            PROXY_ADMIN_URL: `http://127.0.0.1:${taskPorts.admin}`,
          }
        : {}),
    },
    healthCheck: {
      command: ['CMD-SHELL', `test -f ${folders.certificates}/chain.pem`],
      interval: Duration.seconds(5),
      timeout: Duration.seconds(2),
      retries: 10,
      startPeriod: Duration.seconds(120),
    },
  });
  keeper.addMountPoints({ sourceVolume: volume, containerPath: folders.certificates, readOnly: false });
  proxy.addMountPoints({ sourceVolume: volume, containerPath: folders.certificates, readOnly: true });
  proxy.addContainerDependencies({ container: keeper, condition: ContainerDependencyCondition.HEALTHY });
  certificates.grantRead(task.taskRole, name);
  return proxy;
}
