import { list, object, own, reference, renamed, same } from '../shape.ts';
import { gatewayListener, nodeListener, portMapping } from './listener.ts';
import { logging } from './logging.ts';
import { clientPolicy } from './tls.ts';

// The members of each kind's spec:
// https://github.com/aws/aws-app-mesh-controller-for-k8s/tree/master/apis/appmesh/v1beta2

/** A Mesh's spec. */
export const meshSpec = object({
  awsName: own,
  namespaceSelector: own,
  meshOwner: own,
  egressFilter: object({ type: same }),
  meshServiceDiscovery: renamed('serviceDiscovery', object({ ipPreference: same })),
});

/** A VirtualNode's spec; what its backend groups add to the backends is added by whom it converts. */
export const virtualNodeSpec = object({
  awsName: own,
  meshRef: own,
  podSelector: own,
  backendGroups: own,
  listeners: list(nodeListener),
  serviceDiscovery: object({
    dns: object({ hostname: same, responseType: same }),
    awsCloudMap: object({
      namespaceName: same,
      serviceName: same,
      attributes: list(object({ key: same, value: same })),
    }),
  }),
  backends: list(
    object({
      virtualService: object({
        virtualServiceRef: reference('VirtualService', 'virtualServiceName'),
        virtualServiceARN: reference('VirtualService', 'virtualServiceName'),
        clientPolicy,
      }),
    }),
  ),
  backendDefaults: object({ clientPolicy }),
  logging,
});

/** A VirtualService's spec. */
export const virtualServiceSpec = object({
  awsName: own,
  meshRef: own,
  provider: object({
    virtualNode: object({
      virtualNodeRef: reference('VirtualNode', 'virtualNodeName'),
      virtualNodeARN: reference('VirtualNode', 'virtualNodeName'),
    }),
    virtualRouter: object({
      virtualRouterRef: reference('VirtualRouter', 'virtualRouterName'),
      virtualRouterARN: reference('VirtualRouter', 'virtualRouterName'),
    }),
  }),
});

/** A VirtualRouter's spec without its routes. */
export const virtualRouterSpec = object({
  awsName: own,
  meshRef: own,
  routes: own,
  listeners: list(object({ portMapping })),
});

/** A VirtualGateway's spec. */
export const virtualGatewaySpec = object({
  awsName: own,
  meshRef: own,
  namespaceSelector: own,
  podSelector: own,
  gatewayRouteSelector: own,
  listeners: list(gatewayListener),
  logging,
  backendDefaults: object({ clientPolicy }),
});
