import type { GatewayRouteSpec, HttpGatewayRoute } from '../../model/mesh/gateway-route.ts';
import { anyPath, type PathCondition } from './route-match.ts';
import { literally } from './route-regex.ts';

/** What a gateway route does to the path of a request before its virtual service sees it. The query stays. */
export type PathRewrite =
  | { readonly kind: 'none' }
  /** The beginning `from` becomes `to`, which ends in '/'. `joined`: slashes behind `from` go, since it ends in none. */
  | { readonly kind: 'prefix'; readonly from: string; readonly to: string; readonly joined: boolean }
  | { readonly kind: 'whole'; readonly to: string };

/**
 * A gateway route's path rewrite. A matched prefix becomes '/' when nothing is said; a matched path stays.
 * With '/red' becoming '/', '/red/tell' is '/tell' and '/redder' is '/der', as in App Mesh, which merges slashes.
 * https://docs.aws.amazon.com/app-mesh/latest/userguide/gateway-routes.html
 */
export function pathRewrite(path: PathCondition, rewrite: Rewrite | undefined): PathRewrite {
  if (rewrite?.path?.exact !== undefined) return { kind: 'whole', to: rewrite.path.exact };
  if (path.kind !== 'prefix' || rewrite?.prefix?.defaultPrefix === 'DISABLED') return { kind: 'none' };
  const [from, to] = [path.value, rewrite?.prefix?.value ?? anyPath.value];
  return to === from ? { kind: 'none' } : { kind: 'prefix', from, to, joined: !from.endsWith('/') };
}

/** Fields of Envoy's route action for a path rewrite. */
export function pathRewriteFields(rewrite: PathRewrite): object {
  switch (rewrite.kind) {
    case 'none':
      return {};
    case 'whole':
      return replacement('^.*$', rewrite.to);
    case 'prefix':
      return replacement(`^${literally(rewrite.from)}${rewrite.joined ? '/*' : ''}`, rewrite.to);
  }
}

/**
 * Whether a gateway route leaves the Host as it is; else it becomes the virtual service's name.
 * https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_GatewayRouteHostnameRewrite.html
 */
export function keepsHost({ httpRoute, http2Route, grpcRoute }: GatewayRouteSpec): boolean {
  const { rewrite } = (httpRoute ?? http2Route ?? grpcRoute)?.action ?? {};
  return rewrite?.hostname?.defaultTargetHostname === 'DISABLED';
}

type Rewrite = NonNullable<HttpGatewayRoute['action']['rewrite']>;

/** The path alone is rewritten, so this works whichever way the route matched it. */
function replacement(regex: string, text: string) {
  return { regex_rewrite: { pattern: { regex }, substitution: text.replaceAll('\\', '\\\\') } };
}
