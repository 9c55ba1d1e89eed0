import { Validations } from 'aws-cdk-lib';
import type { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  Capability,
  type ContainerDefinition,
  type ContainerDefinitionOptions,
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  GenericLogDriver,
  LinuxParameters,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Plan } from '../../../model/plan.ts';

/** The processor of a task, as the blueprint names it. */
export type Architecture = Plan['compute']['ingress']['architecture'];

/** What a task is. */
export interface TaskOptions {
  readonly family: string;
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  readonly architecture: Architecture;
}

/** The platform images are built for. */
export const platformOf = (architecture: Architecture): Platform =>
  architecture === 'arm64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64;

/** Makes a task definition without containers. Its roles may do nothing yet. */
export function createTask(scope: Construct, options: TaskOptions): FargateTaskDefinition {
  const { family, cpu, memory, architecture } = options;
  const task = new FargateTaskDefinition(scope, `${family}-task`, {
    family,
    cpu,
    memoryLimitMiB: memory,
    runtimePlatform: {
      cpuArchitecture: architecture === 'arm64' ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
      operatingSystemFamily: OperatingSystemFamily.LINUX,
    },
  });
  Validations.of(task).acknowledge(
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'ecr:GetAuthorizationToken knows no resource; pulling is allowed for one repository.',
    },
    {
      id: 'AwsSolutions-ECS2',
      reason:
        'What is in the environment is no secret: addresses and settings. Passwords are signed for at each connection.',
    },
  );
  return task;
}

/** Where a container's output goes. */
export interface Log {
  readonly group: LogGroup;
  /** The group's name, as the blueprint writes it. */
  readonly name: string;
  readonly region: string;
}

/** What one container is. */
export type ContainerOptions = Omit<ContainerDefinitionOptions, 'image' | 'logging'> & {
  readonly image: DockerImageAsset;
  readonly log: Log;
  /** A number, because images need not know names. */
  readonly user: string;
};

/** A container as this platform runs every one: no root, nothing writable, no capabilities, its log where the plan says. */
export function addContainer(
  task: FargateTaskDefinition,
  name: string,
  { image, log, ...options }: ContainerOptions,
): ContainerDefinition {
  log.group.grantWrite(task.obtainExecutionRole());
  const linuxParameters = new LinuxParameters(task, `${name}-linux`);
  linuxParameters.dropCapabilities(Capability.ALL);
  return task.addContainer(name, {
    essential: true,
    readonlyRootFilesystem: true,
    linuxParameters,
    logging: new GenericLogDriver({
      logDriver: 'awslogs',
      options: {
        'awslogs-group': log.name,
        'awslogs-region': log.region,
        'awslogs-stream-prefix': name,
      },
    }),
    image: ContainerImage.fromDockerImageAsset(image),
    ...options,
  });
}
