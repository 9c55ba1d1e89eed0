import { type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Plan } from '../../../model/plan.ts';
import { taskPorts } from '../mesh/proxy-environment.ts';
import { meshTopology } from '../mesh-topology.ts';
import { ports } from './ports.ts';

/** The security groups. */
export interface NetworkGroups {
  /** The API gateway's way into the network. */
  readonly link: SecurityGroup;
  /** The internal load balancer in front of the mesh's ingress. */
  readonly balancer: SecurityGroup;
  readonly ingress: SecurityGroup;
  /** Tasks, by service. */
  readonly services: Readonly<Record<string, SecurityGroup>>;
  readonly migration: SecurityGroup;
  readonly relational: SecurityGroup;
  readonly cache: SecurityGroup;
  /** Interface endpoints: the vendor's own services, as seen from inside. */
  readonly endpoints: SecurityGroup;
}

/** Makes every security group and its rules in one place: each names the other, and none names an address range. */
export function createGroups(scope: Construct, plan: Plan, vpc: IVpc): NetworkGroups {
  const group = (name: string, description: string) =>
    new SecurityGroup(scope, `${name}-group`, {
      vpc,
      securityGroupName: `${plan.name}-${name}`,
      description,
      allowAllOutbound: false,
    });
  const topology = meshTopology(plan);
  const groups: NetworkGroups = {
    link: group('link', 'the API gateway enters here'),
    balancer: group('balancer', 'the internal load balancer'),
    ingress: group('ingress', 'the ingress of the mesh'),
    services: Object.fromEntries(
      Object.keys(plan.compute.services).map((name) => [name, group(name, `tasks of ${name}`)]),
    ),
    migration: group('migration', 'the task that migrates the database'),
    relational: group('relational', 'the system of record'),
    cache: group('cache', 'the read-through cache'),
    endpoints: group('endpoints', 'interface endpoints'),
  };
  const { link, balancer, ingress, services, migration, relational, cache, endpoints } = groups;
  allow(link, balancer, ports.http);
  allow(balancer, ingress, topology.gateway.port);
  allow(balancer, ingress, taskPorts.readiness);
  for (const { from, to, ports: own } of topology.hops) {
    const [caller, callee] = [from === topology.gateway.name ? ingress : services[from], services[to]];
    for (const port of own) if (caller && callee) allow(caller, callee, port);
  }
  for (const [name, { stores }] of Object.entries(plan.compute.services)) {
    const service = services[name];
    if (!service) continue;
    if (stores.includes('relational')) allow(service, relational, ports.relational);
    if (stores.includes('cache')) allow(service, cache, ports.cache);
  }
  allow(migration, relational, ports.relational);
  for (const tasks of [ingress, migration, ...Object.values(services)]) {
    allow(tasks, endpoints, ports.https);
    // Gateway endpoints (S3, DynamoDB) have no group; where there is no NAT, no other address can be reached.
    tasks.addEgressRule(Peer.anyIpv4(), Port.tcp(ports.https), 'gateway endpoints, and the web where NAT is');
  }
  if (topology.openEgress) {
    for (const tasks of Object.values(services)) {
      tasks.addEgressRule(Peer.anyIpv4(), Port.tcp(ports.http), 'the web where NAT is');
    }
  }
  return groups;
}

/** Both ends of one connection. */
function allow(from: SecurityGroup, to: SecurityGroup, port: number): void {
  const description = `${from.node.id.replace(/-group$/, '')} to ${to.node.id.replace(/-group$/, '')}`;
  from.addEgressRule(to, Port.tcp(port), description);
  to.addIngressRule(from, Port.tcp(port), description);
}
