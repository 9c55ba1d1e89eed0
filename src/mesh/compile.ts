import { describe } from '../model/mistake.ts';
import type { MeshDefinition } from './definition.ts';
import type { ProxyEnvironment, ProxyReference } from './environment.ts';
import { bootstrap, resourceFiles } from './envoy/bootstrap.ts';
import { clusters } from './envoy/cluster.ts';
import { endpointFileOf, endpointsOf } from './envoy/endpoint.ts';
import { listeners, routeFiles } from './envoy/listeners.ts';
import { secretFiles } from './envoy/secret.ts';
import { discoveryResponse } from './envoy/vocabulary.ts';
import type { ProxyModel } from './proxy-model.ts';
import { resolveProxy } from './resolution.ts';

/** A proxy's files by name, all for `environment.directory`, in the order in which they should be written. */
export interface CompiledProxy {
  readonly files: Readonly<Record<string, object>>;
}

/**
 * Compiles one proxy's Envoy configuration: mesh → what this proxy needs → Envoy v3 files.
 *
 * Start Envoy with `bootstrap.json`. All other files act without a restart when a new version is renamed into
 * place; write them in the order given, so that a cluster exists before a route names it.
 * @throws {RangeError} when the mesh has no such proxy, a reference in it leads nowhere, or the environment lacks
 * something (`resolveProxy` lists what)
 */
export function compileProxy(
  mesh: MeshDefinition,
  proxy: ProxyReference,
  environment: ProxyEnvironment,
): CompiledProxy {
  const { model, mistakes } = resolveProxy(mesh, proxy, environment);
  if (mistakes.length > 0) {
    throw new RangeError(`${proxy.name} cannot run here:\n${mistakes.map(describe).join('\n')}`);
  }
  const { directory } = environment;
  return {
    files: {
      ...secretFiles(model.secrets),
      ...endpointFiles(model),
      [resourceFiles.clusters]: discoveryResponse(clusters(model, directory)),
      ...Object.fromEntries(
        Object.entries(routeFiles(model)).map(([file, routes]) => [file, discoveryResponse([routes])]),
      ),
      [resourceFiles.listeners]: discoveryResponse(listeners(model, directory)),
      'bootstrap.json': bootstrap(model, directory),
    },
  };
}

/** Every proxy of a mesh: a sidecar for each virtual node, and each virtual gateway. */
export function proxiesOf(mesh: MeshDefinition): ProxyReference[] {
  return [
    ...Object.keys(mesh.virtualNodes).map((name): ProxyReference => ({ kind: 'node', name })),
    ...Object.keys(mesh.virtualGateways).map((name): ProxyReference => ({ kind: 'gateway', name })),
  ];
}

function endpointFiles({ upstreams }: ProxyModel): Record<string, object> {
  return Object.fromEntries(
    upstreams.flatMap(({ cluster, discovery }) =>
      discovery.kind === 'endpoints'
        ? [[endpointFileOf(cluster), endpointsOf(cluster, discovery.addresses)]]
        : [],
    ),
  );
}
