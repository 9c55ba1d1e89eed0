import { Duration } from 'aws-cdk-lib';
import { DnsRecordType, type IService, PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import type { Plan } from '../../model/plan.ts';
import { type Deployment, Layer } from './layer.ts';
import { meshTopology } from './mesh-topology.ts';
import type { Network } from './network.ts';

/** What the mesh gives to the services. */
export interface Mesh {
  /** Where a service's tasks are to be registered, when anybody looks for them. */
  readonly discovery: Readonly<Record<string, IService>>;
}

/** Seconds a proxy may remember an address. */
const rememberFor = 5;

/**
 * Makes the names of the mesh: a private zone for each domain its nodes are in, and in it a name for each service,
 * which answers with the addresses of its tasks.
 */
export function createMeshStack(deployment: Deployment, plan: Plan, { network }: { network: Network }): Mesh {
  const layer = new Layer(deployment, plan, { name: 'mesh', description: 'the names of the mesh' });
  const hostnames = Object.entries(meshTopology(plan).nodes).flatMap(([name, { hostname }]) =>
    hostname === undefined ? [] : [{ name, hostname }],
  );
  const domains = new Set(hostnames.map(({ hostname }) => domainOf(hostname)));
  const namespaces = new Map(
    [...domains].map((domain) => [
      domain,
      new PrivateDnsNamespace(layer, domain, {
        name: domain,
        vpc: network.vpc,
        description: `${plan.name}: services of the mesh`,
      }),
    ]),
  );
  return {
    discovery: Object.fromEntries(
      hostnames.flatMap(({ name, hostname }) => {
        const namespace = namespaces.get(domainOf(hostname));
        const service = namespace?.createService(`${name}-name`, {
          name: hostname.slice(0, hostname.indexOf('.')),
          description: `${plan.name}: tasks of ${name}`,
          dnsRecordType: DnsRecordType.A,
          dnsTtl: Duration.seconds(rememberFor),
          // ECS says which tasks are healthy; others are not answered.
          customHealthCheck: {},
        });
        return service === undefined ? [] : [[name, service]];
      }),
    ),
  };
}

/** All but the first label of a host name. */
function domainOf(hostname: string): string {
  return hostname.slice(hostname.indexOf('.') + 1);
}
