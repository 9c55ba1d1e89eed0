import { formatDuration } from '../kernel/units.ts';
import { type Duration, milliseconds } from '../model/mesh/duration.ts';
import type { GatewayRouteSpec } from '../model/mesh/gateway-route.ts';
import type { RouteSpec } from '../model/mesh/route.ts';
import { routeMembers, routeProtocol } from '../model/mesh/route-kind.ts';
import type { Plan } from '../model/plan.ts';
import { counted, type Section } from './summary-section.ts';

type Row = Section['rows'][number];

/** The mesh of a plan the way a person reads it: who calls whom, routes with their tries, gateways. */
export function meshSummary({ mesh }: Plan): Section {
  const { resources, mutualTls } = mesh;
  return {
    title: `4. Service mesh: ${resources.name}, ${mutualTls ? 'mutual TLS' : 'TLS as each node says'}`,
    rows: [...nodeRows(mesh), ...routeRows(mesh), ...gatewayRows(mesh)],
  };
}

function nodeRows({ resources }: Plan['mesh']): Row[] {
  return Object.entries(resources.virtualNodes).map(([name, { backends = [], listeners = [] }]) => {
    const called = backends.flatMap(({ virtualService }) => virtualService?.virtualServiceName ?? []);
    const ports = listeners.map(({ portMapping: { port, protocol } }) => `${protocol} on ${port}`);
    return [
      name,
      ports.join(', ') || 'listens nowhere',
      called.length === 0 ? 'calls nobody' : `calls ${called.join(', ')}`,
    ];
  });
}

function routeRows({ resources, fullTries }: Plan['mesh']): Row[] {
  return Object.entries(resources.virtualRouters).flatMap(([router, { routes }]) =>
    Object.entries(routes).map(
      ([route, spec]): Row => [
        route,
        `${provided(resources, router)} to ${targets(spec)}`,
        ...tries(spec, fullTries[router]?.[route] ?? 1),
      ],
    ),
  );
}

function provided({ virtualServices }: Plan['mesh']['resources'], router: string): string {
  const names = Object.entries(virtualServices).filter(
    ([, { provider }]) => provider?.virtualRouter?.virtualRouterName === router,
  );
  return names.map(([name]) => name).join(', ') || router;
}

function targets(spec: RouteSpec): string {
  const protocol = routeProtocol(spec);
  const weighted = protocol ? (spec[routeMembers[protocol]]?.action.weightedTargets ?? []) : [];
  return weighted.map(({ virtualNode, weight }) => `${virtualNode} (${weight})`).join(', ');
}

function tries(spec: RouteSpec, fullTries: number): string[] {
  if (spec.tcpRoute) return ['a connection'];
  const { retryPolicy, timeout } = spec.httpRoute ?? spec.http2Route ?? spec.grpcRoute ?? {};
  const end = ends(timeout?.perRequest);
  if (!retryPolicy) return ["App Mesh's default retries", end];
  return [
    `1 + ${retryPolicy.maxRetries} tries of ${formatDuration(milliseconds(retryPolicy.perRetryTimeout))}`,
    `${end}, room for ${counted(fullTries, 'full try', 'full tries')}`,
  ];
}

function ends(timeout: Duration | undefined): string {
  if (timeout === undefined) return "ends after App Mesh's 15s";
  return timeout.value === 0 ? 'never ends' : `ends after ${formatDuration(milliseconds(timeout))}`;
}

function gatewayRows({ resources, gateway }: Plan['mesh']): Row[] {
  return Object.entries(resources.virtualGateways).map(([name, { gatewayRoutes }]) => {
    const routes = Object.values(gatewayRoutes).map(gatewayRoute).join(', ');
    if (name !== gateway.name) return [name, routes];
    return [
      name,
      routes,
      `1 + ${gateway.retry.maxRetries} tries of ${formatDuration(gateway.retry.perRetryTimeout)}`,
      `ends after ${formatDuration(gateway.timeout)}`,
    ];
  });
}

function gatewayRoute({ httpRoute, http2Route, grpcRoute }: GatewayRouteSpec): string {
  const http = httpRoute ?? http2Route;
  const target = (http ?? grpcRoute)?.action.target.virtualService.virtualServiceName ?? '';
  const { path, prefix } = http?.match ?? {};
  return `${prefix ?? path?.exact ?? path?.regex ?? grpcRoute?.match.serviceName ?? 'all'} to ${target}`;
}
