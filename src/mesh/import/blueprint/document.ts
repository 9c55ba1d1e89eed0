import { formatDuration } from '../../../kernel/units.ts';
import type { BlueprintDocument } from '../../../model/document.ts';
import type { MeshResources } from '../../../model/mesh/resources.ts';
import { foldMesh } from '../../../model/sections/mesh/fold.ts';
import { meshIndex, servicesReachedBy } from '../../mesh-index.ts';
import { type Fitted, fitted } from './platform-fit.ts';
import { withPlatformNames } from './platform-names.ts';

/** Where the task that stands for a service has its program. */
export const echoFolder = './services/echo';

/** A blueprint made of a mesh, and what a person should know of it. */
export interface MeshBlueprint {
  readonly document: BlueprintDocument;
  readonly notes: readonly string[];
}

/** The mesh of some documents as a whole blueprint: each node is a service, for which an echo task stands. */
export function meshBlueprint(documents: MeshResources): MeshBlueprint {
  const named = withPlatformNames(documents);
  const fit = fitted(named.resources);
  const gateway = ingressName(fit.resources);
  const notes = [...named.notes, ...fit.notes];
  const entry = entryNode(fit.resources);
  if (gateway === undefined)
    notes.push(`The documents have no virtual gateway for HTTP; the ingress leads to ${entry}.`);
  notes.push(
    `An echo task (${echoFolder}) stands for each service; give a service's own folder as its source.`,
  );
  return { document: blueprintDocument(fit, gateway, entry), notes };
}

/** The first virtual gateway that takes HTTP/1.1, as the API gateway speaks it. */
function ingressName({ virtualGateways }: MeshResources): string | undefined {
  const found = Object.entries(virtualGateways).find(
    ([, { spec }]) => spec.listeners[0]?.portMapping.protocol === 'http',
  );
  return found?.[0];
}

/** The node a client would meet first: one that calls others and that no other calls. None speaks only TCP. */
function entryNode(resources: MeshResources): string | undefined {
  const { callers } = meshIndex(resources);
  const nodes = Object.keys(resources.virtualNodes).filter(
    (name) => resources.virtualNodes[name]?.listeners?.[0]?.portMapping.protocol !== 'tcp',
  );
  const uncalled = nodes.filter((name) => !callers.has(name));
  const calling = uncalled.find((name) => servicesReachedBy(resources, { kind: 'node', name }).length > 0);
  return calling ?? uncalled[0] ?? nodes[0];
}

function blueprintDocument(
  fit: Fitted,
  gateway: string | undefined,
  entry: string | undefined,
): BlueprintDocument {
  const { resources, timeout } = fit;
  const { name } = resources;
  const nodes = Object.entries(resources.virtualNodes);
  return {
    name,
    region: 'us-west-2',
    sla: {
      gateway: { availability: '99.95%', latency: '50ms', throughput: '10000/s' },
      compute: { availability: '99.9%', latency: '100ms', throughput: '5000/s' },
      cache: { availability: '99.99%', latency: '5ms', missLatency: '50ms', throughput: '20000/s' },
      table: { availability: '99.99%', latency: '10ms', readUnits: '10000/s', writeUnits: '10000/s' },
    },
    access: {
      origins: { api: { gateway: true } },
      behaviors: [
        {
          path: '/*',
          origin: 'api',
          methods: 'all',
          cachePolicy: 'Managed-CachingDisabled',
          originRequestPolicy: 'Managed-AllViewerExceptHostHeader',
        },
      ],
      clientTimeout: formatDuration(timeout + 2_000) as '1s',
    },
    gateway: {
      name: `${name}-api`.slice(0, 64),
      integrationTimeout: formatDuration(timeout + 1_000) as '1s',
      routes: [
        {
          path: '/',
          methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
          service: entry ?? nodes[0]?.[0] ?? '',
          throttle: { rate: '10000/s', burst: 5000 },
          cache: { ttl: '0s' },
          auth: { mode: 'optional' },
        },
      ],
    },
    compute: {
      cluster: `${name}-cluster`.slice(0, 64),
      services: Object.fromEntries(
        nodes.map(([node, { listeners = [] }]) => [
          node,
          {
            source: echoFolder,
            cpu: 256,
            memory: 512,
            port: listeners[0]?.portMapping.port ?? 0,
            tasks: 1,
            stores: [],
            logGroup: `/ecs/${node}`,
          },
        ]),
      ),
    },
    mesh: meshSection(fit, gateway, entry),
    data: {
      relational: { table: 'entities' },
      table: {
        name: 'Entities',
        partitionKey: 'pk',
        sortKey: 'sk',
        indexes: [
          {
            name: 'NameIndex',
            partitionKey: 'name',
            projection: { type: 'INCLUDE', attributes: ['attributes'] },
          },
        ],
      },
      cache: { hot: { ttl: '5m' }, static: { ttl: '1h', match: { static: true } } },
    },
    observability: { alarms: {}, topics: [] },
  };
}

function meshSection(
  { resources, timeout, mutualTls }: Fitted,
  gateway: string | undefined,
  entry: string | undefined,
): BlueprintDocument['mesh'] {
  const name = gateway ?? freeName('ingress', resources);
  const folded = foldMesh(resources, {
    name,
    timeout: formatDuration(timeout) as '1s',
    retry: {
      maxRetries: 2,
      perRetryTimeout: formatDuration(timeout - 100) as '1s',
      httpRetryEvents: ['stream-error'],
      tcpRetryEvents: ['connection-error'],
    },
  });
  const own = {
    name,
    listener: { port: 8080, protocol: 'http' } as const,
    routes: entry === undefined ? [] : [{ prefix: '/', node: entry, ...portOf(resources, entry) }],
  };
  const { name: _, ...rest } = folded.gateway;
  return { ...folded, mutualTls, gateway: gateway === undefined ? { ...rest, ...own } : { name, ...rest } };
}

/** The port meant where a node has several; the one that makes it an entry is its first. */
function portOf({ virtualNodes }: MeshResources, node: string): { port?: number } {
  const [first, ...others] = virtualNodes[node]?.listeners ?? [];
  return first && others.length > 0 ? { port: first.portMapping.port } : {};
}

function freeName(wanted: string, { virtualNodes, virtualGateways }: MeshResources): string {
  let name = wanted;
  while (Object.hasOwn(virtualNodes, name) || Object.hasOwn(virtualGateways, name)) name = `mesh-${name}`;
  return name;
}
