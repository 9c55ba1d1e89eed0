import { Duration } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  DesyncMitigationMode,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { identifier } from '../identifier.ts';
import { taskPorts } from '../mesh/proxy-environment.ts';
import { ports } from '../network/ports.ts';
import type { Network } from '../network.ts';

/** What the load balancer stands in front of. */
export interface BalancerOptions {
  readonly name: string;
  readonly network: Network;
  readonly ingress: FargateService;
  /** The mesh's port that the ingress listens on. */
  readonly port: number;
  /** Whether the ingress says on a port of its own that it is ready. */
  readonly tellsReadiness: boolean;
  readonly accessLogs: Bucket;
}

/**
 * The internal load balancer: where the API gateway's requests enter. It spreads them over the mesh's ingress and
 * checks the ingress alone, by what its proxy says of itself: a service behind it that fails is the proxies' to avoid,
 * and no reason to replace them.
 */
export function createBalancer(scope: Construct, options: BalancerOptions): ApplicationLoadBalancer {
  const { name, network, ingress, port, tellsReadiness, accessLogs } = options;
  const balancer = new ApplicationLoadBalancer(scope, 'balancer', {
    loadBalancerName: identifier([name], 32),
    vpc: network.vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    internetFacing: false,
    securityGroup: network.groups.balancer,
    dropInvalidHeaderFields: true,
    desyncMitigationMode: DesyncMitigationMode.STRICTEST,
    idleTimeout: Duration.seconds(60),
  });
  balancer.logAccessLogs(accessLogs as IBucket, 'balancer');
  const targets = new ApplicationTargetGroup(scope, 'targets', {
    targetGroupName: identifier([name], 32),
    vpc: network.vpc,
    targetType: TargetType.IP,
    protocol: ApplicationProtocol.HTTP,
    port,
    // Longer than any request may take, so that a task that leaves has given its last answer.
    deregistrationDelay: Duration.seconds(15),
    healthCheck: {
      ...(tellsReadiness ? { port: String(taskPorts.readiness) } : { healthyHttpCodes: '200-499' }),
      path: '/',
      interval: Duration.seconds(5),
      timeout: Duration.seconds(2),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 2,
    },
  });
  targets.addTarget(ingress.loadBalancerTarget({ containerName: 'envoy', containerPort: port }));
  balancer.addListener('listener', {
    port: ports.http,
    protocol: ApplicationProtocol.HTTP,
    open: false,
    defaultTargetGroups: [targets],
  });
  return balancer;
}
