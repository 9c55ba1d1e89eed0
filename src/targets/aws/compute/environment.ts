import type { Plan } from '../../../model/plan.ts';
import { serviceSettings } from '../../../model/service-settings.ts';
import { applicationPort, taskPorts, tcpEgressOf } from '../mesh/proxy-environment.ts';
import { meshTopology } from '../mesh-topology.ts';

/** How the tasks reach the stores: addresses, never a password. */
export interface StoreConnections {
  readonly databaseOf: (service: string) => string;
  readonly cacheOf: (service: string) => { readonly url: string; readonly name: string };
}

/** What all tasks of a service find in their environment: what they find on a laptop, at other addresses. */
export function serviceEnvironment(
  plan: Plan,
  service: string,
  stores: StoreConnections,
): Record<string, string> {
  const settings = plan.compute.services[service];
  if (settings === undefined) throw new Error(`the plan has no service ${service}`);
  const [firstBackend] = meshTopology(plan).nodes[service]?.backends ?? [];
  return {
    SERVICE_NAME: service,
    AWS_REGION: plan.region,
    SERVICE_SETTINGS: JSON.stringify(serviceSettings(plan, service)),
    ...(firstBackend === undefined ? {} : { CATALOG_HOST: firstBackend }),
    ...portEnvironment(plan, service),
    ...(settings.stores.includes('relational') ? { DATABASE_URL: stores.databaseOf(service) } : {}),
    ...(settings.stores.includes('cache') ? cacheEnvironment(stores.cacheOf(service)) : {}),
  };
}

function cacheEnvironment({ url, name }: ReturnType<StoreConnections['cacheOf']>): Record<string, string> {
  return { CACHE_URL: url, CACHE_NAME: name };
}

/** Where the application listens, by the blueprint's ports, and where it calls. */
function portEnvironment(plan: Plan, service: string): Record<string, string> {
  const tcp = Object.entries(tcpEgressOf(plan, service)).flatMap(([backend, ports]) =>
    Object.entries(ports).map(([port, { host, port: own }]) => [`${backend}:${port}`, `${host}:${own}`]),
  );
  const ports = meshTopology(plan).nodes[service]?.ports ?? [];
  return {
    PORT: String(applicationPort(plan.compute.services[service]?.port ?? 0)),
    ...Object.fromEntries(ports.map((port) => [`PORT_${port}`, String(applicationPort(port))])),
    MESH_EGRESS_URL: `http://127.0.0.1:${taskPorts.egress}`,
    ...(tcp.length > 0 ? { MESH_TCP_BACKENDS: JSON.stringify(Object.fromEntries(tcp)) } : {}),
  };
}
