import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Plan } from '../../model/plan.ts';
import { expectAnswer, expectStatus } from './http-probe.ts';
import { guard, nodeProgram } from './node-program.ts';
import type { Address, ProcessDefinition } from './process.ts';

/** Where a task's application and sidecar listen. */
export interface TaskAddresses {
  readonly application: Address;
  /** The sidecar's mutual TLS listener: what callers reach. */
  readonly ingress: Address;
  /** The sidecar's listener for what the application calls. */
  readonly egress: Address;
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
      PORT: String(addresses.application.port),
      TASK_ID: name,
      MESH_EGRESS_URL: `http://${addresses.egress.host}:${addresses.egress.port}`,
    },
    directory: root,
    address: addresses.application,
    probe: expectStatus(addresses.application, health.path, 200),
    liveness: expectAnswer(addresses.application, health.path),
    stop: { signal: 'SIGTERM', timeout: stopTimeout },
  };
}

/** Equal for two plans exactly when a service's running tasks need no replacement. */
export function serviceRevision(options: Pick<TaskOptions, 'plan' | 'service' | 'stores'>): string {
  const { source, cpu, memory, port, stopTimeout } = serviceOf(options.plan, options.service);
  const settings = [source, cpu, memory, port, stopTimeout, serviceEnvironment(options)];
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex');
}

/** What all tasks of a service find in their environment. */
function serviceEnvironment({
  plan,
  service,
  stores,
}: Pick<TaskOptions, 'plan' | 'service' | 'stores'>): Record<string, string> {
  const [firstBackend] = plan.mesh.nodes[service]?.backends ?? [];
  return {
    SERVICE_NAME: service,
    AWS_REGION: plan.region,
    SERVICE_SETTINGS: JSON.stringify({ data: plan.data, explain: plan.access.explain }),
    ...(firstBackend === undefined ? {} : { CATALOG_HOST: firstBackend }),
    ...storeEnvironment(serviceOf(plan, service).source, stores),
  };
}

/** Each of the two services knows its own stores; one that a person adds may use all of them. */
function storeEnvironment(
  source: string,
  { database, cache, table }: StoreConnections,
): Record<string, string> {
  const relational = { DATABASE_URL: database, CACHE_URL: cache };
  const lookup = {
    AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
    AWS_ACCESS_KEY_ID: table.accessKeyId,
    AWS_SECRET_ACCESS_KEY: table.secretAccessKey,
  };
  if (source === './services/entities') return relational;
  if (source === './services/catalog') return lookup;
  return { ...relational, ...lookup };
}

function serviceOf(plan: Plan, service: string): Plan['compute']['services'][string] {
  const found = plan.compute.services[service];
  if (!found) throw new Error(`the plan has no service ${service}`);
  return found;
}
