import { Aws } from 'aws-cdk-lib';
import {
  CfnEIP,
  CfnNatGateway,
  CfnRoute,
  GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type IVpc,
  SubnetType,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Plan } from '../../model/plan.ts';
import { taskCalls } from './connectivity/task-calls.ts';
import { type Deployment, Layer } from './layer.ts';
import { meshTopology } from './mesh-topology.ts';
import type { Network } from './network.ts';

/** The vendor's services that tasks call without leaving the network; each is paid for by the hour and zone. */
const interfaces = [
  { name: 'image-api', service: InterfaceVpcEndpointAwsService.ECR, for: 'images' },
  { name: 'images', service: InterfaceVpcEndpointAwsService.ECR_DOCKER, for: 'images' },
  { name: 'logs', service: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS, for: 'logs' },
  { name: 'traces', service: InterfaceVpcEndpointAwsService.XRAY, for: 'traces' },
  { name: 'secrets', service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER, for: 'secrets' },
] as const;

/**
 * Makes the ways out of the network. They cost by the hour and hold nothing, so they are a stack of their own, which
 * goes when the data stays: private endpoints for the vendor's services, and NAT in every zone only where the mesh's
 * egress filter lets its services call other hosts.
 */
export function createConnectivityStack(
  deployment: Deployment,
  plan: Plan,
  { network: { vpc, groups } }: { network: Network },
): Layer {
  const layer = new Layer(deployment, plan, {
    name: 'connectivity',
    description: "NAT and private endpoints for the vendor's services",
  });
  const calls = taskCalls(layer, plan);
  for (const { name, service, for: purpose } of interfaces) {
    const endpoint = new InterfaceVpcEndpoint(layer, `${name}-endpoint`, {
      vpc,
      service,
      subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [groups.endpoints],
      open: false,
      privateDnsEnabled: true,
    });
    for (const statement of calls[purpose]) endpoint.addToPolicy(byOwnAccount(statement));
  }
  const table = new GatewayVpcEndpoint(layer, 'table-endpoint', {
    vpc,
    service: GatewayVpcEndpointAwsService.DYNAMODB,
    subnets: [{ subnetType: SubnetType.PRIVATE_WITH_EGRESS }],
  });
  for (const statement of calls.table) table.addToPolicy(byOwnAccount(statement));
  const objects = new GatewayVpcEndpoint(layer, 'objects-endpoint', {
    vpc,
    service: GatewayVpcEndpointAwsService.S3,
    subnets: [{ subnetType: SubnetType.PRIVATE_WITH_EGRESS }],
  });
  // Layers of images are in a bucket of the vendor's: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
  objects.addToPolicy(
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: ['s3:GetObject'],
      resources: [`arn:${Aws.PARTITION}:s3:::prod-${layer.region}-starport-layer-bucket/*`],
    }),
  );
  if (meshTopology(plan).openEgress) createNat(layer, vpc);
  return layer;
}

/** Whoever uses an endpoint has to be of this account, whatever keys are carried into the network. */
function byOwnAccount(statement: PolicyStatement): PolicyStatement {
  return statement.copy({
    principals: [new AnyPrincipal()],
    conditions: { StringEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID } },
  });
}

/** A NAT gateway in each zone, so that the loss of one takes nothing from the others. */
function createNat(layer: Layer, vpc: IVpc): void {
  for (const [index, subnet] of vpc.privateSubnets.entries()) {
    const place = vpc.publicSubnets[index];
    if (place === undefined) throw new Error(`zone ${index + 1} has no public subnet`);
    const address = new CfnEIP(layer, `address-${index + 1}`, { domain: 'vpc' });
    const gateway = new CfnNatGateway(layer, `nat-${index + 1}`, {
      subnetId: place.subnetId,
      allocationId: address.attrAllocationId,
    });
    new CfnRoute(layer, `route-${index + 1}`, {
      routeTableId: subnet.routeTable.routeTableId,
      destinationCidrBlock: '0.0.0.0/0',
      natGatewayId: gateway.ref,
    });
  }
}
