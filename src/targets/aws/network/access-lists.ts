import { Validations } from 'aws-cdk-lib';
import {
  AclCidr,
  AclTraffic,
  type ISubnet,
  type IVpc,
  NetworkAcl,
  TrafficDirection,
} from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { ports } from './ports.ts';

/** One line of a network ACL: who may send to whom on which ports. */
interface Entry {
  readonly direction: TrafficDirection;
  readonly cidr: string;
  readonly ports: readonly [from: number, to: number];
}

/**
 * Where answers arrive: a network ACL keeps no state, so each direction is said on its own. NAT uses all of these, and
 * the Linux of tasks these (https://docs.aws.amazon.com/vpc/latest/userguide/nacl-ephemeral-ports.html).
 */
const ephemeral: Entry['ports'] = [1024, 65_535];
const taskEphemeral: Entry['ports'] = [32_768, 60_999];
const anywhere = '0.0.0.0/0';

/**
 * Network ACLs: a second fence, by subnet, in case a security group is opened by mistake. Whatever is not listed is
 * refused (https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html).
 */
export function createAccessLists(scope: Construct, vpc: IVpc): void {
  const into = (cidr: string, range: Entry['ports']): Entry => ({
    direction: TrafficDirection.INGRESS,
    cidr,
    ports: range,
  });
  const outOf = (cidr: string, range: Entry['ports']): Entry => ({
    direction: TrafficDirection.EGRESS,
    cidr,
    ports: range,
  });
  const whole = vpc.vpcCidrBlock;
  const tasks = vpc.privateSubnets.map(({ ipv4CidrBlock }) => ipv4CidrBlock);

  // NAT takes what tasks send to the web, and what comes back.
  createAccessList(scope, vpc, 'public', vpc.publicSubnets, [
    into(whole, [80, 80]),
    into(whole, [443, 443]),
    into(anywhere, ephemeral),
    outOf(anywhere, [80, 80]),
    outOf(anywhere, [443, 443]),
    outOf(whole, ephemeral),
  ]);
  createAccessList(scope, vpc, 'private', vpc.privateSubnets, [
    into(whole, [0, 65_535]),
    into(anywhere, taskEphemeral),
    outOf(whole, [0, 65_535]),
    outOf(anywhere, [80, 80]),
    outOf(anywhere, [443, 443]),
  ]);
  createAccessList(
    scope,
    vpc,
    'isolated',
    vpc.isolatedSubnets,
    tasks.flatMap((cidr) => [
      into(cidr, [ports.relational, ports.relational]),
      into(cidr, [ports.cache, ports.cache]),
      outOf(cidr, taskEphemeral),
    ]),
  );
}

function createAccessList(
  scope: Construct,
  vpc: IVpc,
  name: string,
  subnets: readonly ISubnet[],
  entries: readonly Entry[],
): void {
  const list = new NetworkAcl(scope, `${name}-acl`, { vpc, subnetSelection: { subnets: [...subnets] } });
  for (const [index, { direction, cidr, ports: range }] of entries.entries()) {
    const number = (index + 1) * 10;
    list.addEntry(`${direction === TrafficDirection.INGRESS ? 'in' : 'out'}-${number}`, {
      ruleNumber: number,
      cidr: AclCidr.ipv4(cidr),
      traffic: AclTraffic.tcpPortRange(...range),
      direction,
    });
  }
  Validations.of(list).acknowledge({
    id: 'AwsSolutions-VPC3',
    reason:
      'The blueprint asks for network ACLs beside security groups; these list few ports and no exceptions.',
  });
}
