import { formatDuration } from '../kernel/units.ts';
import type { ParsedDocument } from './document.ts';
import { fargateMemory, limits } from './limits.ts';
import { type Mistake, mistake } from './mistake.ts';

/** A rule over the whole document; what it yields is wrong. */
type Rule = (document: ParsedDocument) => Iterable<Mistake>;

/** Everything a document of the right form can still get wrong: names, sizes, weights, nesting timeouts. */
export function validate(document: ParsedDocument): Mistake[] {
  return rules.flatMap((rule) => [...rule(document)]);
}

const rules: readonly Rule[] = [
  gatewayRoutes,
  taskSizes,
  servicesInMesh,
  meshBackends,
  meshRouters,
  meshGateway,
  nestedTimeouts,
  tableKeys,
  cacheTimes,
  alarms,
];

function* gatewayRoutes({ gateway, compute }: ParsedDocument): Iterable<Mistake> {
  const seen = new Set<string>();
  for (const [index, route] of gateway.routes.entries()) {
    const at = ['gateway', 'routes', index];
    if (seen.has(route.path)) yield mistake([...at, 'path'], route.path, 'a path that no other route has');
    seen.add(route.path);
    if (!(route.service in compute.services)) {
      yield mistake([...at, 'service'], route.service, oneOf(Object.keys(compute.services)));
    }
    if (route.auth.mode === 'optional' && (route.auth.ttl ?? 0) > 0) {
      yield mistake(
        [...at, 'auth', 'ttl'],
        formatDuration(route.auth.ttl ?? 0),
        "'0s': without a token there is nothing to cache by",
        limits.gatewayAuthorizerTtl.reference,
      );
    }
    if (route.cache.ttl > 0 && !route.methods.includes('GET')) {
      yield mistake(
        [...at, 'cache', 'ttl'],
        formatDuration(route.cache.ttl),
        "'0s' on a route without GET",
        limits.gatewayCacheTtl.reference,
      );
    }
  }
}

function* taskSizes({ compute }: ParsedDocument): Iterable<Mistake> {
  for (const [name, { cpu, memory }] of Object.entries(compute.services)) {
    const at = ['compute', 'services', name];
    const sizes = fargateMemory[cpu];
    if (!sizes) {
      yield mistake([...at, 'cpu'], cpu, oneOf(Object.keys(fargateMemory)), limits.fargateCpu.reference);
    } else if (!sizes.includes(memory)) {
      yield mistake(
        [...at, 'memory'],
        memory,
        `with cpu ${cpu}: ${oneOf(sizes)}`,
        limits.fargateMemory.reference,
      );
    }
  }
}

function* servicesInMesh({ compute, mesh }: ParsedDocument): Iterable<Mistake> {
  for (const name of Object.keys(compute.services)) {
    if (!(name in mesh.nodes)) yield mistake(['mesh', 'nodes', name], undefined, 'a node for each service');
  }
  for (const [name, node] of Object.entries(mesh.nodes)) {
    const service = compute.services[name];
    if (!service) {
      yield mistake(['mesh', 'nodes', name], name, oneOf(Object.keys(compute.services)));
    } else if (service.port !== node.listener.port) {
      yield mistake(
        ['mesh', 'nodes', name, 'listener', 'port'],
        node.listener.port,
        `${service.port}, the service's port`,
      );
    }
  }
}

function* meshBackends({ mesh }: ParsedDocument): Iterable<Mistake> {
  const provided = Object.values(mesh.routers).map((router) => router.virtualService);
  for (const [name, node] of Object.entries(mesh.nodes)) {
    for (const [index, backend] of node.backends.entries()) {
      if (!provided.includes(backend)) {
        yield mistake(['mesh', 'nodes', name, 'backends', index], backend, oneOf(provided));
      }
    }
  }
}

function* meshRouters({ mesh }: ParsedDocument): Iterable<Mistake> {
  const provided = new Set<string>();
  for (const [name, router] of Object.entries(mesh.routers)) {
    const at = ['mesh', 'routers', name];
    if (provided.has(router.virtualService)) {
      yield mistake(
        [...at, 'virtualService'],
        router.virtualService,
        'a virtual service that no other router provides',
      );
    }
    provided.add(router.virtualService);
    for (const [index, route] of router.routes.entries()) {
      const targetsAt = [...at, 'routes', index, 'targets'];
      for (const [target, { node }] of route.targets.entries()) {
        if (!(node in mesh.nodes))
          yield mistake([...targetsAt, target, 'node'], node, oneOf(Object.keys(mesh.nodes)));
      }
      if (route.targets.every((target) => target.weight === 0)) {
        yield mistake(targetsAt, route.targets, 'at least one weight above 0');
      }
    }
  }
}

function* meshGateway({ mesh }: ParsedDocument): Iterable<Mistake> {
  if (mesh.gateway.name in mesh.nodes) {
    yield mistake(['mesh', 'gateway', 'name'], mesh.gateway.name, 'a name no node has: it is an identity');
  }
  for (const [index, route] of mesh.gateway.routes.entries()) {
    if (!(route.node in mesh.nodes)) {
      yield mistake(['mesh', 'gateway', 'routes', index, 'node'], route.node, oneOf(Object.keys(mesh.nodes)));
    }
  }
}

/** A try fits into its route, a route into the mesh gateway, that into the API gateway, that into the client. */
function* nestedTimeouts({ access, gateway, mesh }: ParsedDocument): Iterable<Mistake> {
  const within = (path: PropertyKey[], inner: number, outer: number, outerName: string) =>
    inner <= outer
      ? []
      : [mistake(path, formatDuration(inner), `at most ${formatDuration(outer)}, ${outerName}`)];
  for (const [name, router] of Object.entries(mesh.routers)) {
    for (const [index, route] of router.routes.entries()) {
      const at = ['mesh', 'routers', name, 'routes', index];
      if (route.retry) {
        yield* within(
          [...at, 'retry', 'perRetryTimeout'],
          route.retry.perRetryTimeout,
          route.timeout,
          "the route's timeout",
        );
      }
      yield* within([...at, 'timeout'], route.timeout, mesh.gateway.timeout, 'mesh.gateway.timeout');
    }
  }
  yield* within(
    ['mesh', 'gateway', 'retry', 'perRetryTimeout'],
    mesh.gateway.retry.perRetryTimeout,
    mesh.gateway.timeout,
    'mesh.gateway.timeout',
  );
  yield* within(
    ['mesh', 'gateway', 'timeout'],
    mesh.gateway.timeout,
    gateway.integrationTimeout,
    'gateway.integrationTimeout',
  );
  yield* within(
    ['gateway', 'integrationTimeout'],
    gateway.integrationTimeout,
    access.clientTimeout,
    'access.clientTimeout',
  );
}

function* tableKeys({ data }: ParsedDocument): Iterable<Mistake> {
  const { table } = data;
  if (table.partitionKey === table.sortKey) {
    yield mistake(['data', 'table', 'sortKey'], table.sortKey, 'another attribute than partitionKey');
  }
  const names = new Set<string>();
  for (const [index, { name }] of table.indexes.entries()) {
    if (names.has(name))
      yield mistake(['data', 'table', 'indexes', index, 'name'], name, 'a name that no other index has');
    names.add(name);
  }
}

function* cacheTimes({ data }: ParsedDocument): Iterable<Mistake> {
  const { hot, static: fixed } = data.cache;
  if (fixed.ttl < hot.ttl) {
    yield mistake(
      ['data', 'cache', 'static', 'ttl'],
      formatDuration(fixed.ttl),
      `at least ${formatDuration(hot.ttl)}, data.cache.hot.ttl`,
    );
  }
  if (fixed.refresh > fixed.ttl) {
    yield mistake(
      ['data', 'cache', 'static', 'refresh'],
      formatDuration(fixed.refresh),
      `at most ${formatDuration(fixed.ttl)}, data.cache.static.ttl`,
    );
  }
}

function* alarms({ observability }: ParsedDocument): Iterable<Mistake> {
  for (const [name, alarm] of Object.entries(observability.alarms)) {
    const at = ['observability', 'alarms', name];
    const { period, evaluationPeriods, datapointsToAlarm = evaluationPeriods } = alarm;
    if (!observability.topics.includes(alarm.topic)) {
      yield mistake([...at, 'topic'], alarm.topic, oneOf(observability.topics));
    }
    if (datapointsToAlarm > evaluationPeriods) {
      yield mistake(
        [...at, 'datapointsToAlarm'],
        datapointsToAlarm,
        `at most ${evaluationPeriods}, the evaluationPeriods`,
      );
    }
    if (![10_000, 20_000, 30_000].includes(period) && period % 60_000 !== 0) {
      yield mistake(
        [...at, 'period'],
        formatDuration(period),
        "'10s', '20s', '30s' or whole minutes",
        limits.alarmEvaluation.reference,
      );
    }
    if (period * evaluationPeriods > limits.alarmEvaluation.value) {
      yield mistake(
        [...at, 'evaluationPeriods'],
        evaluationPeriods,
        'at most seven days together with the period',
        limits.alarmEvaluation.reference,
      );
    }
  }
}

function oneOf(names: Iterable<string | number>): string {
  return [...names].join(', ') || 'none is defined';
}
