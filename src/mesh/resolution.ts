import type { Logging } from '../model/mesh/logging.ts';
import { type Mistake, mistake } from '../model/mistake.ts';
import type { MeshDefinition } from './definition.ts';
import { egressOf, externalOf } from './egress.ts';
import type { ProxyEnvironment, ProxyReference } from './environment.ts';
import { entrance, inboundListener, type PlacedGatewayRoute } from './listener-model.ts';
import { nodeOf } from './mesh-index.ts';
import type { Context } from './proxy-context.ts';
import type { AccessLog, ProxyModel } from './proxy-model.ts';
import { type Lack, secretRegistry } from './secret-registry.ts';
import { type Reach, reachOf } from './upstreams.ts';

/** A proxy's model, and what its environment lacks. */
export interface Resolution {
  readonly model: ProxyModel;
  readonly mistakes: readonly Mistake[];
}

/**
 * Picks what one proxy needs out of the mesh, with references resolved and defaults filled in.
 * @throws {RangeError} when the mesh has no such proxy, or a reference leads nowhere (`checkResources` lists those)
 */
export function resolveProxy(
  mesh: MeshDefinition,
  proxy: ProxyReference,
  environment: ProxyEnvironment,
): Resolution {
  const mistakes: Mistake[] = [];
  const lack: Lack = (path, allowed) =>
    void mistakes.push(mistake(['environment', ...path], undefined, allowed));
  const context = { mesh, proxy, environment, secrets: secretRegistry(environment, lack), lack };
  const parts = proxy.kind === 'node' ? nodeParts(context) : gatewayParts(context);
  const { admin, interception } = environment;
  const identity = environment.identity ?? resourcePath(mesh, proxy);
  const model = {
    mesh: mesh.name,
    proxy,
    identity,
    admin,
    interception,
    ipPreference: mesh.spec.serviceDiscovery?.ipPreference,
    policy: mesh.policy ?? {},
    secrets: context.secrets.all(),
    ...parts,
  };
  return { model, mistakes };
}

/** How App Mesh named a proxy: https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy-config.html */
function resourcePath(mesh: MeshDefinition, { kind, name }: ProxyReference): string {
  return `mesh/${mesh.name}/${kind === 'node' ? 'virtualNode' : 'virtualGateway'}/${name}`;
}

type Parts = Pick<
  ProxyModel,
  'inbound' | 'entrances' | 'egress' | 'tcpEgress' | 'external' | 'upstreams' | 'accessLog'
>;

function nodeParts(context: Context): Parts {
  const { mesh, proxy, environment, secrets } = context;
  const node = nodeOf(mesh, proxy.name);
  const reach = reachOf(mesh, proxy, environment, secrets);
  return {
    inbound: (node.listeners ?? []).map((listener) => inboundListener(context, listener)),
    entrances: [],
    ...egressOf(context, reach),
    external: externalOf(mesh, environment),
    accessLog: accessLogOf(node.logging),
  };
}

function gatewayParts(context: Context): Parts {
  const { mesh, proxy, environment, secrets } = context;
  const known = Object.hasOwn(mesh.virtualGateways, proxy.name);
  const gateway = known ? mesh.virtualGateways[proxy.name] : undefined;
  if (!gateway) throw new RangeError(`the mesh ${mesh.name} has no virtual gateway ${proxy.name}`);
  const reach = reachOf(mesh, proxy, environment, secrets);
  const routes = gatewayRoutes(gateway.gatewayRoutes, reach);
  return {
    inbound: [],
    entrances: gateway.spec.listeners.map((listener) => entrance(context, listener, routes)),
    egress: [],
    tcpEgress: [],
    external: 'none',
    upstreams: reach.upstreams,
    accessLog: accessLogOf(gateway.spec.logging),
  };
}

function gatewayRoutes(
  routes: MeshDefinition['virtualGateways'][string]['gatewayRoutes'],
  { services }: Reach,
): PlacedGatewayRoute[] {
  return Object.entries(routes).flatMap(([name, spec]) => {
    const { match, action } = spec.httpRoute ?? spec.http2Route ?? spec.grpcRoute ?? {};
    const service = services.get(action?.target.virtualService.virtualServiceName ?? '');
    return service ? [{ name, spec, service, port: match?.port }] : [];
  });
}

function accessLogOf(logging: Logging | undefined): AccessLog | undefined {
  const file = logging?.accessLog?.file;
  if (!file) return undefined;
  const { text, json } = file.format ?? {};
  if (json) {
    const fields = Object.fromEntries(json.map(({ key, value }) => [key, value]));
    return { path: file.path, format: { json: fields } };
  }
  return { path: file.path, format: text === undefined ? undefined : { text } };
}
