import { formatDuration } from '../kernel/units.ts';
import type { ParsedDocument } from './document.ts';
import { milliseconds } from './mesh/duration.ts';
import { defaultRequestTimeout } from './mesh/full-tries.ts';
import type { RouteSpec } from './mesh/route.ts';
import { routersBehind } from './mesh/routers-behind.ts';
import { type Mistake, mistake } from './mistake.ts';
import { expandMesh } from './sections/mesh/expand.ts';

/**
 * A try fits into its route, a route that a client waits for into the mesh gateway, that into the API gateway, that
 * into the client. Routes that nothing behind the ingress leads to may take as long as they like.
 */
export function* nestedTimeouts({ access, gateway, mesh }: ParsedDocument): Iterable<Mistake> {
  const within = (path: PropertyKey[], inner: number, outer: number, outerName: string) =>
    inner <= outer
      ? []
      : [mistake(path, timeoutText(inner), `at most ${formatDuration(outer)}, ${outerName}`)];
  const { resources } = expandMesh(mesh);
  const waitedFor = routersBehind(resources, mesh.gateway.name);
  for (const [name, router] of Object.entries(mesh.routers)) {
    for (const [index, route] of router.routes.entries()) {
      const at = ['mesh', 'routers', name, 'routes', index];
      const timeout = requestTimeout(resources.virtualRouters[name]?.routes[route.name]);
      if (timeout === undefined) continue;
      if (route.retry) {
        const { perRetryTimeout } = route.retry;
        yield* within([...at, 'retry', 'perRetryTimeout'], perRetryTimeout, timeout, "the route's timeout");
      }
      if (waitedFor.has(name)) {
        yield* within([...at, 'timeout'], timeout, mesh.gateway.timeout, 'mesh.gateway.timeout');
      }
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

/** Milliseconds a request of a route may take, without end where that is said; undefined of a TCP route. */
function requestTimeout(route: RouteSpec | undefined): number | undefined {
  const http = route?.httpRoute ?? route?.http2Route ?? route?.grpcRoute;
  if (!http) return undefined;
  const { perRequest } = http.timeout ?? {};
  const timeout = perRequest ? milliseconds(perRequest) : defaultRequestTimeout;
  return timeout === 0 ? Number.POSITIVE_INFINITY : timeout;
}

function timeoutText(timeout: number): string {
  return timeout === Number.POSITIVE_INFINITY ? 'no end' : formatDuration(timeout);
}
