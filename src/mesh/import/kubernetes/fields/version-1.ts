import { isObject } from '../../format.ts';
import { list, object, own, renamed, type Shape, same } from '../shape.ts';
import { portMapping } from './listener.ts';
import { conditions } from './match.ts';

// The members of v1beta1:
// https://github.com/aws/aws-app-mesh-controller-for-k8s/blob/v0.5.0/pkg/apis/appmesh/v1beta1/types.go

const file = object({ certificateChain: same, privateKey: same });

const clientPolicy = object({
  tls: object({
    enforce: same,
    ports: same,
    validation: object({
      trust: object({
        acm: object({ certificateAuthorityArns: same }),
        file: object({ certificateChain: same }),
      }),
    }),
  }),
});

/** Labels by name, as App Mesh's list of keys and values. */
const attributes: Shape = (value, path, conversion) =>
  isObject(value)
    ? same(
        Object.entries(value).map(([key, attribute]) => ({ key, value: attribute })),
        path,
        conversion,
      )
    : same(value, path, conversion);

const milliseconds: Shape = (value, path, conversion) => same({ unit: 'ms', value }, path, conversion);

/** A Mesh's spec; its serviceDiscoveryType has been of no effect. */
export const meshSpec = object({ egressFilter: object({ type: same }), serviceDiscoveryType: own });

/** A VirtualNode's spec. */
export const virtualNodeSpec = object({
  meshName: own,
  listeners: list(
    object({
      portMapping,
      healthCheck: same,
      tls: object({ mode: same, certificate: object({ acm: object({ certificateArn: same }), file }) }),
    }),
  ),
  serviceDiscovery: object({
    cloudMap: renamed('awsCloudMap', object({ serviceName: same, namespaceName: same, attributes })),
    dns: object({ hostName: renamed('hostname') }),
  }),
  backends: list(object({ virtualService: object({ virtualServiceName: same, clientPolicy }) })),
  backendDefaults: object({ clientPolicy }),
  logging: object({ accessLog: object({ file: object({ path: same }) }) }),
});

/** The listeners of the router that a VirtualService has. */
export const routerSpec = object({ name: own, listeners: list(object({ portMapping })) });

const action = object({
  weightedTargets: list(object({ virtualNodeName: renamed('virtualNode'), weight: same })),
});

const retryPolicy = {
  perRetryTimeoutMillis: renamed('perRetryTimeout', milliseconds),
  maxRetries: same,
  httpRetryEvents: same,
  tcpRetryEvents: same,
};

const httpRoute = object({
  match: object({ prefix: same, method: same, headers: conditions, scheme: same }),
  action,
  retryPolicy: object(retryPolicy),
});

/** One of a VirtualService's routes. */
export const route = object({
  name: own,
  priority: same,
  http: renamed('httpRoute', httpRoute),
  http2: renamed('http2Route', httpRoute),
  tcp: renamed('tcpRoute', object({ action })),
  grpc: renamed(
    'grpcRoute',
    object({
      match: object({ serviceName: same, methodName: same, metadata: conditions }),
      action,
      retryPolicy: object({ ...retryPolicy, grpcRetryEvents: same }),
    }),
  ),
});
