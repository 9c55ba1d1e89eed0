import {
  FlowLogDestination,
  FlowLogTrafficType,
  IpAddresses,
  type IVpc,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { Plan } from '../../model/plan.ts';
import { type Deployment, Layer } from './layer.ts';
import type { Logs } from './logs.ts';
import { createAccessLists } from './network/access-lists.ts';
import { createGroups, type NetworkGroups } from './network/groups.ts';

/** What the network gives to the layers that stand on it. */
export interface Network {
  /**
   * Subnets in every zone: public ones for NAT alone, private ones with a way out for tasks, isolated ones for
   * stores.
   */
  readonly vpc: IVpc;
  /** Who may talk to whom, by the other's group, never by address. */
  readonly groups: NetworkGroups;
}

/** Makes the network: it holds no data, but stores stand in it. */
export function createNetworkStack(deployment: Deployment, plan: Plan, { logs }: { logs: Logs }): Network {
  const layer = new Layer(deployment, plan, {
    name: 'network',
    description: 'subnets in every zone, security groups, network ACLs, flow logs',
    holdsData: true,
  });
  const { cidr, zones } = plan.compute.network;
  const bits = Number(cidr.split('/')[1]);
  // The library's own types do not fit each other under exactOptionalPropertyTypes.
  const vpc = new Vpc(layer, 'vpc', {
    vpcName: plan.name,
    ipAddresses: IpAddresses.cidr(cidr),
    maxAzs: zones,
    natGateways: 0,
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [
      { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: bits + 3 },
      { name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: bits + 5 },
      { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: bits + 8, mapPublicIpOnLaunch: false },
    ],
  }) as IVpc;
  vpc.addFlowLog('flow-log', {
    destination: FlowLogDestination.toCloudWatchLogs(logs.group(`/vpc/${plan.name}`)),
    trafficType: FlowLogTrafficType.ALL,
  });
  createAccessLists(layer, vpc);
  return { vpc, groups: createGroups(layer, plan, vpc) };
}
