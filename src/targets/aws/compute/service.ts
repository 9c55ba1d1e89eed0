import { Duration } from 'aws-cdk-lib';
import { type ISecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  AvailabilityZoneRebalancing,
  FargatePlatformVersion,
  FargateService,
  type FargateTaskDefinition,
  type ICluster,
  PropagatedTagSource,
} from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { Plan } from '../../../model/plan.ts';

/** How many tasks of a definition run, and where. */
export interface ServiceOptions {
  readonly name: string;
  readonly cluster: ICluster;
  readonly task: FargateTaskDefinition;
  readonly securityGroup: ISecurityGroup;
  readonly tasks: number;
  readonly scaling: Plan['compute']['ingress']['scaling'];
}

/**
 * A service that replaces its tasks without a gap, takes a bad deployment back by itself, and follows its load. The
 * number of tasks is scaling's to say: a deployment does not take it back to where it began.
 */
export function createService(scope: Construct, options: ServiceOptions): FargateService {
  const { name, cluster, task, securityGroup, tasks, scaling } = options;
  const service = new FargateService(scope, `${name}-service`, {
    serviceName: name,
    cluster,
    taskDefinition: task,
    securityGroups: [securityGroup],
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    assignPublicIp: false,
    platformVersion: FargatePlatformVersion.LATEST,
    circuitBreaker: { enable: true, rollback: true },
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
    enableExecuteCommand: false,
    enableECSManagedTags: true,
    propagateTags: PropagatedTagSource.SERVICE,
  });
  service
    .autoScaleTaskCount({ minCapacity: tasks, maxCapacity: tasks * scaling.factor })
    .scaleOnCpuUtilization('cpu', {
      targetUtilizationPercent: scaling.cpu * 100,
      scaleInCooldown: Duration.seconds(300),
      scaleOutCooldown: Duration.seconds(60),
    });
  return service;
}
