import type { ProxyEnvironment, ProxyReference } from './environment.ts';
import { bootstrap, resourceFiles } from './envoy/bootstrap.ts';
import { clusters } from './envoy/cluster.ts';
import { clusterNameOf, endpointFileOf, endpointsOf } from './envoy/endpoint.ts';
import { listeners, routeFiles } from './envoy/listener.ts';
import { secrets } from './envoy/tls.ts';
import { discoveryResponse } from './envoy/vocabulary.ts';
import type { Mesh } from './mesh.ts';
import { type ProxyModel, proxyModelOf } from './proxy-model.ts';

/** A proxy's files by name, all for `environment.directory`, in the order in which they should be written. */
export interface CompiledProxy {
  readonly files: Readonly<Record<string, object>>;
}

/**
 * Compiles one proxy's Envoy configuration: mesh → what this proxy needs → Envoy v3 files.
 *
 * Start Envoy with `bootstrap.json`. All other files act without a restart when a new version is renamed into
 * place; write them in the order given, so that a cluster exists before a route names it.
 * @throws {RangeError} when the mesh has no such node, or a sidecar's environment has no application
 */
export function compileProxy(
  mesh: Mesh,
  proxy: ProxyReference,
  environment: ProxyEnvironment,
): CompiledProxy {
  const model = proxyModelOf(mesh, proxy, environment);
  return {
    files: {
      ...(model.mutualTls ? secrets(environment) : {}),
      ...endpointFiles(model),
      [resourceFiles.clusters]: discoveryResponse(clusters(model, environment.directory)),
      ...Object.fromEntries(
        Object.entries(routeFiles(model)).map(([file, routes]) => [file, discoveryResponse([routes])]),
      ),
      [resourceFiles.listeners]: discoveryResponse(listeners(model, environment.directory)),
      'bootstrap.json': bootstrap(model, environment),
    },
  };
}

function endpointFiles({ upstreams }: ProxyModel): Record<string, object> {
  return Object.fromEntries(
    upstreams.map(({ node, endpoints }) => {
      const name = clusterNameOf(node);
      return [endpointFileOf(name), endpointsOf(name, endpoints)];
    }),
  );
}
