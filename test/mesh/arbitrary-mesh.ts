import fc from 'fast-check';
import { z } from 'zod';
import type { MeshDefinition } from '../../src/mesh/definition.ts';
import { clientPolicy } from '../../src/model/mesh/client-policy.ts';
import { gatewayRouteSpec } from '../../src/model/mesh/gateway-route.ts';
import { gatewayListener, nodeListener } from '../../src/model/mesh/listener.ts';
import { logging } from '../../src/model/mesh/logging.ts';
import { meshSpec } from '../../src/model/mesh/mesh.ts';
import { routeSpec } from '../../src/model/mesh/route.ts';
import { routeMembers } from '../../src/model/mesh/route-kind.ts';
import { serviceDiscovery } from '../../src/model/mesh/service-discovery.ts';
import type { PortProtocol } from '../../src/model/mesh/terms.ts';
import { arbitraryOf, type Overrides } from './schema-arbitrary.ts';

/** Names the environment of these meshes knows files for. */
export const known = {
  certificateSecret: 'own',
  authoritySecret: 'trust',
  certificateArn: 'arn:aws:acm:us-west-2:123456789012:certificate/1',
  authorityArn: 'arn:aws:acm-pca:us-west-2:123456789012:certificate-authority/1',
};

const protocols: readonly PortProtocol[] = ['http', 'http2', 'grpc', 'tcp'];

/**
 * Meshes that App Mesh would have taken, with every field of its model: the values are those of the schemas, and names,
 * ports and protocols meet as they must.
 */
export function arbitraryMesh(folder: string): fc.Arbitrary<MeshDefinition> {
  const of = overridden(folder);
  const node = fc.record(
    {
      serviceDiscovery: of(serviceDiscovery),
      listeners: fc
        .uniqueArray(fc.constantFrom(...protocols), { minLength: 1, maxLength: 3 })
        .chain((all) => fc.tuple(...all.map((protocol, index) => listener(of, 8080 + index, protocol)))),
      backendDefaults: fc.record({ clientPolicy: of(clientPolicy) }, { requiredKeys: [] }),
      logging: of(logging),
    },
    { requiredKeys: ['serviceDiscovery', 'listeners'] },
  );
  return fc
    .record({
      spec: of(meshSpec),
      nodes: fc.array(node, { minLength: 1, maxLength: 3 }),
      policies: fc.array(fc.option(of(clientPolicy), { nil: undefined }), { minLength: 8, maxLength: 8 }),
      routes: fc.array(of(routeSpec), { minLength: 1, maxLength: 6 }),
      gatewayListeners: fc
        .uniqueArray(fc.constantFrom(...protocols.slice(0, 3)), { minLength: 1, maxLength: 2 })
        .chain((all) => fc.tuple(...all.map((protocol, index) => entrance(of, 8080 + index, protocol)))),
      gatewayRoutes: fc.array(of(gatewayRouteSpec), { maxLength: 4 }),
    })
    .map((parts) => assembled(parts as Parts));
}

interface Parts {
  readonly spec: MeshDefinition['spec'];
  readonly nodes: readonly MeshDefinition['virtualNodes'][string][];
  readonly policies: readonly (z.infer<typeof clientPolicy> | undefined)[];
  readonly routes: readonly MeshDefinition['virtualRouters'][string]['routes'][string][];
  readonly gatewayListeners: MeshDefinition['virtualGateways'][string]['spec']['listeners'];
  readonly gatewayRoutes: readonly MeshDefinition['virtualGateways'][string]['gatewayRoutes'][string][];
}

/** Gives every reference something that is there. */
function assembled({
  spec,
  nodes,
  policies,
  routes,
  gatewayListeners,
  gatewayRoutes,
}: Parts): MeshDefinition {
  const ports = nodes.flatMap(({ listeners = [] }, index) =>
    listeners.map(({ portMapping }) => ({ node: `node-${index}`, ...portMapping })),
  );
  const routers = protocols.flatMap((protocol) => {
    const targets = ports.filter((one) => (one.protocol === 'tcp') === (protocol === 'tcp'));
    const own = routes.filter((route) => route[routeMembers[protocol]]);
    return targets.length === 0 || own.length === 0 ? [] : [{ protocol, targets, own }];
  });
  const services = {
    ...Object.fromEntries(nodes.map((_, index) => [`node-${index}.local`, { virtualNode: `node-${index}` }])),
    ...Object.fromEntries(routers.map(({ protocol }) => [`${protocol}.local`, { virtualRouter: protocol }])),
  } as Record<string, { virtualNode?: string; virtualRouter?: string }>;
  const backends = Object.keys(services).map((virtualServiceName, index) => {
    const policy = policies[index];
    return { virtualService: { virtualServiceName, ...(policy ? { clientPolicy: policy } : {}) } };
  });
  const httpServices = Object.keys(services).filter((name) => name !== 'tcp.local');
  return {
    name: 'mesh',
    spec,
    virtualNodes: Object.fromEntries(nodes.map((node, index) => [`node-${index}`, { ...node, backends }])),
    virtualServices: Object.fromEntries(
      Object.entries(services).map(([name, { virtualNode, virtualRouter }]) => [
        name,
        {
          provider: virtualNode
            ? { virtualNode: { virtualNodeName: virtualNode } }
            : { virtualRouter: { virtualRouterName: virtualRouter ?? '' } },
        },
      ]),
    ),
    virtualRouters: Object.fromEntries(
      routers.map(({ protocol, targets, own }) => [
        protocol,
        {
          spec: { listeners: [{ portMapping: { port: 80, protocol } }] },
          routes: Object.fromEntries(
            own.map((route, index) => [`route-${index}`, leadingTo(route, protocol, targets)]),
          ),
        },
      ]),
    ),
    virtualGateways: {
      front: {
        spec: { listeners: gatewayListeners },
        gatewayRoutes: Object.fromEntries(
          gatewayRoutes.flatMap((route, index) => {
            const own = entering(route, gatewayListeners, httpServices[index % httpServices.length] ?? '', {
              nodes,
            });
            return own ? [[`route-${index}`, own]] : [];
          }),
        ),
      },
    },
  };
}

type Route = Parts['routes'][number];

function leadingTo(
  route: Route,
  protocol: PortProtocol,
  targets: readonly { readonly node: string; readonly port: number }[],
): Route {
  const member = routeMembers[protocol];
  const { action, match, ...rest } = route[member] ?? {};
  const weightedTargets = (action?.weightedTargets ?? []).map(({ weight }, index) => {
    const { node, port } = targets[index % targets.length] ?? { node: '', port: 0 };
    return { virtualNode: node, weight: index === 0 ? Math.max(weight, 1) : weight, port };
  });
  const { port: _, ...conditions } = match ?? {};
  return {
    ...route,
    [member]: { ...rest, ...(match ? { match: conditions } : {}), action: { weightedTargets } },
  };
}

/** A gateway route for a listener of its protocol; nothing when the gateway has none, or the service no HTTP. */
function entering(
  route: Parts['gatewayRoutes'][number],
  listeners: Parts['gatewayListeners'],
  service: string,
  { nodes }: Pick<Parts, 'nodes'>,
): Parts['gatewayRoutes'][number] | undefined {
  const protocol = protocols.find((one) => one !== 'tcp' && route[routeMembers[one as 'http']]) as 'http';
  const member = routeMembers[protocol];
  const { match, action, ...rest } = route[member] ?? {};
  const listener = listeners.find(({ portMapping }) => portMapping.protocol === protocol);
  const provider = /^node-(\d)\.local$/.exec(service)?.[1];
  const port =
    provider === undefined
      ? 80
      : nodes[Number(provider)]?.listeners?.find(({ portMapping }) => portMapping.protocol !== 'tcp')
          ?.portMapping.port;
  if (!listener || !action || port === undefined) return undefined;
  const target = { virtualService: { virtualServiceName: service }, port };
  return {
    ...route,
    [member]: {
      ...rest,
      match: { ...match, port: listener.portMapping.port },
      action: { ...action, target },
    },
  };
}

type Of = (schema: z.core.$ZodType) => fc.Arbitrary<unknown>;

/** Values of a schema, where names of files, secrets and the like are those there are. */
function overridden(folder: string): Of {
  const chain = `${folder}/chain.pem`;
  const overrides: Overrides = {
    certificateChain: fc.constant(chain),
    privateKey: fc.constant(`${folder}/key.pem`),
    certificateArn: fc.constant(known.certificateArn),
    certificateAuthorityArns: fc.constant([known.authorityArn]),
    hostname: fc.constantFrom('one.example.com', 'two.example.com'),
    serviceName: fc.constantFrom('service', 'a.Service'),
    namespaceName: fc.constant('example.com'),
    path: fc.constantFrom('/dev/stdout', `${folder}/access.log`),
    regex: fc.constantFrom('^/a/[0-9]+$', '.*', 'a|b'),
    text: fc.constantFrom('%START_TIME% %RESPONSE_CODE%\n', 'a line'),
    virtualServiceName: fc.constant('node-0.local'),
  };
  const sds = (name: string): Overrides => ({ ...overrides, secretName: fc.constant(name) });
  return (schema) => {
    const certificate = arbitraryOf(schema, sds(known.certificateSecret));
    return certificate.map((value) => withTrustSecret(value));
  };
}

/** Secrets with authorities have another name than those with certificates. */
function withTrustSecret(value: unknown, inTrust = false): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withTrustSecret(item, inTrust));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === 'secretName' && inTrust
        ? known.authoritySecret
        : withTrustSecret(member, inTrust || key === 'trust'),
    ]),
  );
}

/** A listener of a port and protocol; what it says by protocol is said for its own. */
function listener(of: Of, port: number, protocol: PortProtocol): fc.Arbitrary<unknown> {
  return parts(of, nodeListener, port, protocol);
}

function entrance(of: Of, port: number, protocol: PortProtocol): fc.Arbitrary<unknown> {
  return parts(of, gatewayListener, port, protocol);
}

function parts(
  of: Of,
  schema: typeof nodeListener | typeof gatewayListener,
  port: number,
  protocol: PortProtocol,
): fc.Arbitrary<unknown> {
  const { portMapping: _, ...shape } = schema.shape;
  const members = Object.entries(shape).map(([key, member]) => {
    const byProtocol = key === 'timeout' || key === 'connectionPool';
    const values = byProtocol
      ? of(chosen(member as z.ZodType, protocol)).map((value) => ({ [protocol]: value }))
      : of(member);
    return [key, key === 'healthCheck' ? values.map(withoutPort) : values] as const;
  });
  return fc
    .record(Object.fromEntries(members), { requiredKeys: [] })
    .map((value) => ({ portMapping: { port, protocol }, ...value }))
    .filter((value) => schema.safeParse(value).success);
}

function chosen(member: z.core.$ZodType, protocol: PortProtocol): z.core.$ZodType {
  const choices = member instanceof z.ZodOptional ? member.unwrap() : member;
  const schema = choices instanceof z.ZodObject ? choices.shape[protocol] : undefined;
  if (!schema) throw new Error(`${protocol} is no choice`);
  return schema;
}

function withoutPort(value: unknown): unknown {
  const { port: _, ...rest } = value as Record<string, unknown>;
  return rest;
}
