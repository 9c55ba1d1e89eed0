import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { tcpBackendsOf } from '../../mesh/egress.ts';
import type { AddressesByPort } from '../../mesh/environment.ts';
import type { Plan } from '../../model/plan.ts';
import { serviceSettings } from '../../model/service-settings.ts';
import { expectAnswer, expectStatus } from './http-probe.ts';
import { guard, nodeProgram } from './node-program.ts';
import type { Address, ProcessDefinition } from './process.ts';
import { sourceDigest } from './source.ts';

/** Where a task's application and sidecar listen. */
export interface TaskAddresses {
  /** The application, on the service's own port. */
  readonly application: Address;
  /** The application by the ports its node listens on, the service's own among them. */
  readonly applications: AddressesByPort;
  /** The sidecar's listener of the service's own port. */
  readonly ingress: Address;
  /** The sidecar by the ports its node listens on: what callers reach. */
  readonly listeners: AddressesByPort;
  /** The sidecar's listener for what the application calls over HTTP. */
  readonly egress: Address;
  /** Its listeners for what the application calls over TCP, by virtual service and its port. */
  readonly tcpEgress: Readonly<Record<string, AddressesByPort>>;
  readonly admin: Address;
}

/** How the tasks reach the stores. Holds secrets: never to be logged. */
export interface StoreConnections {
  readonly database: string;
  readonly cache: string;
  readonly table: {
    readonly endpoint: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  };
}

/** A task to be started. */
export interface TaskOptions {
  readonly plan: Plan;
  readonly service: string;
  readonly number: number;
  readonly root: string;
  readonly addresses: TaskAddresses;
  readonly stores: StoreConnections;
}

/** The name of a task's application: `microservice-a-1`. */
export function taskName(service: string, number: number): string {
  return `${service}-${number}`;
}

/** The name of its sidecar: `microservice-a-1-envoy`. */
export function sidecarName(service: string, number: number): string {
  return `${taskName(service, number)}-envoy`;
}

/** Share of a task's memory its heap may take; buffers, code and stacks take the rest. */
const heapShare = 0.75;

/** How one task's application is started. @throws Error when the plan has no such service */
export function defineTask(options: TaskOptions): ProcessDefinition {
  const { plan, service, number, root, addresses } = options;
  const { source, memory, health, stopTimeout } = serviceOf(plan, service);
  const name = taskName(service, number);
  return {
    name,
    kind: 'task',
    ...nodeProgram(join(root, source, 'main.ts'), { heap: Math.floor(memory * heapShare), semiSpace: 8 }, [
      guard,
    ]),
    environment: {
      ...serviceEnvironment(options),
      ...portEnvironment(addresses),
      TASK_ID: name,
    },
    directory: root,
    address: addresses.application,
    probe: expectStatus(addresses.application, health.path, 200),
    liveness: expectAnswer(addresses.application, health.path),
    stop: { signal: 'SIGTERM', timeout: stopTimeout },
  };
}

/**
 * Where the application listens and calls: its ports by those of the blueprint (`PORT_9090`), its own as `PORT`;
 * `MESH_EGRESS_URL` for HTTP, and the address of each backend that speaks TCP as JSON by `service:port`.
 */
function portEnvironment({ application, applications, egress, tcpEgress }: TaskAddresses) {
  const tcp = Object.entries(tcpEgress).flatMap(([service, ports]) =>
    Object.entries(ports).map(([port, { host, port: own }]) => [`${service}:${port}`, `${host}:${own}`]),
  );
  return {
    PORT: String(application.port),
    ...Object.fromEntries(
      Object.entries(applications).map(([port, address]) => [`PORT_${port}`, String(address.port)]),
    ),
    MESH_EGRESS_URL: `http://${egress.host}:${egress.port}`,
    ...(tcp.length > 0 ? { MESH_TCP_BACKENDS: JSON.stringify(Object.fromEntries(tcp)) } : {}),
  };
}

/** Equal at two moments exactly when a service's running tasks need no replacement: neither plan nor program differ. */
export function serviceRevision(options: Pick<TaskOptions, 'plan' | 'service' | 'stores' | 'root'>): string {
  const { source, cpu, memory, port, stopTimeout } = serviceOf(options.plan, options.service);
  const ports = meshPortsOf(options.plan, options.service);
  const program = sourceDigest(join(options.root, source));
  const settings = [source, program, cpu, memory, port, stopTimeout, ports, serviceEnvironment(options)];
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex');
}

/** What a service's tasks listen on and call over TCP, in the blueprint's ports. */
export function meshPortsOf(
  { mesh }: Plan,
  service: string,
): {
  readonly listeners: readonly number[];
  readonly tcpBackends: readonly { readonly service: string; readonly port: number }[];
} {
  const listeners = mesh.resources.virtualNodes[service]?.listeners ?? [];
  return {
    listeners: listeners.map(({ portMapping }) => portMapping.port),
    tcpBackends: tcpBackendsOf(mesh.resources, service),
  };
}

/** What all tasks of a service find in their environment. */
function serviceEnvironment({
  plan,
  service,
  stores,
}: Pick<TaskOptions, 'plan' | 'service' | 'stores'>): Record<string, string> {
  const [firstBackend] = plan.mesh.resources.virtualNodes[service]?.backends ?? [];
  const called = firstBackend?.virtualService?.virtualServiceName;
  return {
    SERVICE_NAME: service,
    AWS_REGION: plan.region,
    SERVICE_SETTINGS: JSON.stringify(serviceSettings(plan, service)),
    ...(called === undefined ? {} : { CATALOG_HOST: called }),
    ...storeEnvironment(serviceOf(plan, service).stores, stores),
  };
}

/** How the stores it uses are reached; of the others a service knows nothing. */
function storeEnvironment(
  uses: Plan['compute']['services'][string]['stores'],
  { database, cache, table }: StoreConnections,
): Record<string, string> {
  return {
    ...(uses.includes('relational') ? { DATABASE_URL: database } : {}),
    ...(uses.includes('cache') ? { CACHE_URL: cache } : {}),
    ...(uses.includes('table')
      ? {
          AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
          AWS_ACCESS_KEY_ID: table.accessKeyId,
          AWS_SECRET_ACCESS_KEY: table.secretAccessKey,
        }
      : {}),
  };
}

function serviceOf(plan: Plan, service: string): Plan['compute']['services'][string] {
  const found = plan.compute.services[service];
  if (!found) throw new Error(`the plan has no service ${service}`);
  return found;
}
