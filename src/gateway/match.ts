import type { Deployment, RouteDeployment } from './deployment.ts';
import type { Stage } from './exchange.ts';
import { gatewayResponse } from './gateway-response.ts';

/** Finds the route of the path and in it the method; what the API does not have is 403, as the vendor says it. */
export const match: Stage = (exchange) => {
  const route = routeOf(exchange.deployment, exchange.path);
  const method = route?.methods.get(exchange.request.method ?? '');
  if (!route || !method) return gatewayResponse('MISSING_AUTHENTICATION_TOKEN');
  exchange.route = route;
  exchange.method = method;
  return undefined;
};

/** The longest route that has the path or lies above it. */
export function routeOf({ routes }: Deployment, path: string): RouteDeployment | undefined {
  for (const route of routes) {
    if (route.segments ? matchesTemplate(route.segments, path) : lies(route.plan.path, path)) return route;
  }
  return undefined;
}

function lies(parent: string, path: string): boolean {
  if (!path.startsWith(parent)) return false;
  return path.length === parent.length || path[parent.length] === '/' || parent.endsWith('/');
}

/** A template's `{name}` is any one segment that is not empty, its `{name+}` one or more. */
function matchesTemplate(template: readonly string[], path: string): boolean {
  const segments = path.split('/');
  return template.every((part, index) => {
    const segment = segments[index];
    if (segment === undefined) return false;
    return part.startsWith('{') && part.endsWith('}') ? segment !== '' : part === segment;
  });
}
