import { RegionInfo } from 'aws-cdk-lib/region-info';
import { type Mistake, mistake } from '../../model/mistake.ts';
import type { Plan } from '../../model/plan.ts';
import { databaseAuthoritiesOf } from './compute/database-authorities.ts';
import { edgeRegion } from './edge/region.ts';
import { applicationPort, taskPorts } from './mesh/proxy-environment.ts';
import { meshTopology } from './mesh-topology.ts';

/**
 * What a laptop takes and an account does not: everything about a plan that cannot be deployed, with the path in the
 * blueprint.
 */
export function deploymentMistakes(plan: Plan): Mistake[] {
  return [
    ...regionMistakes(plan),
    ...signInMistakes(plan),
    ...nameMistakes(plan),
    ...portMistakes(plan),
    ...gatewayMistakes(plan),
    ...originMistakes(plan),
  ];
}

function* regionMistakes({ region }: Plan): Iterable<Mistake> {
  const known = RegionInfo.regions.map(({ name }) => name);
  const reference = 'https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html';
  if (!known.includes(region)) yield mistake(['region'], region, "one of the vendor's regions", reference);
  else if (RegionInfo.get(region).partition !== RegionInfo.get(edgeRegion).partition) {
    const allowed = `a region that one account has together with ${edgeRegion}, where the CDN's own part is`;
    yield mistake(['region'], region, allowed, reference);
  } else if (databaseAuthoritiesOf(region).length === 0) {
    yield mistake(['region'], region, 'a region whose database authorities are known here');
  }
}

/** The sign-in pages' address begins with the platform's name, and the vendor keeps its own names for itself. */
function* signInMistakes({ name }: Plan): Iterable<Mistake> {
  const reference =
    'https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html';
  if (/aws|amazon|cognito/i.test(name)) {
    yield mistake(['name'], name, "a name without 'aws', 'amazon' or 'cognito' in it", reference);
  }
}

/** Cloud Map answers to names of a zone, and the zone is all but the first label. */
function* nameMistakes(plan: Plan): Iterable<Mistake> {
  for (const [name, { hostname }] of Object.entries(meshTopology(plan).nodes)) {
    if (hostname !== undefined && !hostname.includes('.')) {
      yield mistake(
        ['mesh', 'nodes', name, 'hostname'],
        hostname,
        "a name in a domain, such as 'name.mesh.local'",
      );
    }
  }
}

/** The containers of a task share its ports. */
function* portMistakes(plan: Plan): Iterable<Mistake> {
  const reserved = new Set<number>(Object.values(taskPorts));
  for (const [name, { ports, tcpBackends }] of Object.entries(meshTopology(plan).nodes)) {
    const own = new Set([
      ...reserved,
      ...tcpBackends.map((_, index) => taskPorts.firstTcpEgress + index),
      ...ports.map(applicationPort),
    ]);
    for (const port of ports) {
      if (own.has(port)) {
        const allowed = `another port: a task needs ${[...own].join(', ')} itself`;
        yield mistake(['mesh', 'nodes', name, 'listener', 'port'], port, allowed);
      }
    }
  }
}

/** One ingress stands behind the load balancer; there is no way in to others. */
function* gatewayMistakes({ mesh }: Plan): Iterable<Mistake> {
  for (const name of Object.keys(mesh.resources.virtualGateways)) {
    if (name !== mesh.gateway.name) {
      yield mistake(['mesh', 'gateways', name], name, 'no gateway beside the ingress in an account');
    }
  }
}

/** One bucket has the static files, one stage is behind the CDN. */
function* originMistakes({ access }: Plan): Iterable<Mistake> {
  const folders = Object.entries(access.origins).filter(([, origin]) => 'folder' in origin);
  if (folders.length !== 1) {
    const found = folders.map(([name]) => name).join(', ') || 'none';
    yield mistake(['access', 'origins'], found, 'one origin with a folder in an account');
  }
}
