import { isObject } from '../format.ts';
import type { Finding } from '../found-resource.ts';
import type { Cluster } from './cluster.ts';
import { selectorOf } from './label-selector.ts';
import { type KubernetesObject, titleOf } from './object.ts';
import { referenceOf } from './reference.ts';

/** Whether a gateway takes a gateway route, which one where the documents hold it, and what to tell. */
export interface GatewayMembership {
  readonly isMember: boolean;
  readonly gateway?: KubernetesObject;
  readonly finding?: Finding;
}

/**
 * The gateway that takes each route: by its namespaceSelector, which must be there, and its gatewayRouteSelector,
 * which takes every route when it is not:
 * https://github.com/aws/aws-app-mesh-controller-for-k8s/blob/master/docs/reference/vgw.md
 * An object out of a cluster names its gateway itself.
 */
export function gatewayMembership(cluster: Cluster): (route: KubernetesObject) => GatewayMembership {
  const gateways = cluster.ofKind('VirtualGateway').map((gateway) => ({
    gateway,
    namespaces: selectorOf(gateway.spec.namespaceSelector),
    routes: selectorOf(gateway.spec.gatewayRouteSelector ?? {}),
  }));
  return (route) => {
    const named = isObject(route.spec.virtualGatewayRef)
      ? referenceOf('VirtualGateway', route.spec.virtualGatewayRef, route)
      : undefined;
    const own = named && cluster.find('VirtualGateway', named.namespace, named.name);
    if (own) return { isMember: true, gateway: own };
    if (gateways.length === 0) return { isMember: true };
    const namespace = cluster.find('Namespace', '', route.namespace);
    const labels = namespace?.labels ?? {};
    const willing = gateways.filter(({ routes }) => routes.takes(route.labels));
    const takers = willing.filter(({ namespaces }) => namespaces.takes(labels));
    const [taker, anotherTaker] = takers;
    if (anotherTaker) {
      const gatewaysOfRoute = takers.map(({ gateway }) => gateway);
      return { isMember: false, finding: several(route, gatewaysOfRoute) };
    }
    if (taker) return { isMember: true, gateway: taker.gateway };
    const [only, another] = willing;
    if (only === undefined || another || only.namespaces.concerns(labels))
      return { isMember: false, finding: none(route) };
    return {
      isMember: true,
      gateway: only.gateway,
      ...(namespace && { finding: assumed(route, only.gateway) }),
    };
  };
}

function assumed(route: KubernetesObject, gateway: KubernetesObject): Finding {
  return {
    severity: 'warning',
    code: 'kubernetes-gateway-assumed',
    message: `${titleOf(gateway)} does not select namespace ${route.namespace} by its labels; as the only gateway here it is taken to`,
    origin: route.locate(['metadata', 'namespace']),
    remedy: 'Give the namespace the labels that the namespaceSelector of the gateway asks for.',
  };
}

function none(route: KubernetesObject): Finding {
  return {
    severity: 'error',
    code: 'kubernetes-gateway-unmatched',
    message: `no VirtualGateway selects ${titleOf(route)}; it is left out`,
    origin: route.locate(['metadata', 'name']),
    remedy:
      'Give the files that hold the gateway and the Namespace, with the labels that its namespaceSelector and gatewayRouteSelector ask for.',
  };
}

function several(route: KubernetesObject, gateways: readonly KubernetesObject[]): Finding {
  return {
    severity: 'error',
    code: 'kubernetes-gateway-ambiguous',
    message: `${titleOf(route)} is selected by several gateways, ${gateways.map(titleOf).join(', ')}; it is left out`,
    origin: route.locate(['metadata', 'name']),
    remedy: 'Tell them apart by their namespaceSelector or gatewayRouteSelector.',
  };
}
