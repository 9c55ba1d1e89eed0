import { tcpBackendsOf } from '../../mesh/egress.ts';
import { meshIndex } from '../../mesh/mesh-index.ts';
import { platformMesh } from '../../mesh/platform-mesh.ts';
import { discoveredName } from '../../mesh/service-discovery.ts';
import type { Plan } from '../../model/plan.ts';

/** One proxy that may call another, and the ports it does it on. */
export interface Hop {
  readonly from: string;
  readonly to: string;
  readonly ports: readonly number[];
}

/** What the network and the services need to know of the mesh. */
export interface MeshTopology {
  /** The mesh's ingress: the load balancer's target. */
  readonly gateway: { readonly name: string; readonly port: number };
  /** Under which name each service is found, when it is, and the ports it listens on. */
  readonly nodes: Readonly<Record<string, MeshNode>>;
  /** Who may call whom; the gateway is among the callers. */
  readonly hops: readonly Hop[];
  /** Whether what runs in the mesh may call hosts outside of it. */
  readonly openEgress: boolean;
}

/** One service as the mesh sees it. */
export interface MeshNode {
  readonly hostname: string | undefined;
  readonly ports: readonly number[];
  /** Virtual services it may call, in the definition's order. */
  readonly backends: readonly string[];
  /** Those of them that speak TCP. */
  readonly tcpBackends: readonly { readonly service: string; readonly port: number }[];
}

/** Reads the mesh as the rest of this target sees it. */
export function meshTopology({ mesh }: Plan): MeshTopology {
  const definition = platformMesh(mesh);
  const { callers } = meshIndex(definition);
  const nodes = Object.fromEntries(
    Object.entries(definition.virtualNodes).map(([name, spec]): [string, MeshNode] => [
      name,
      {
        hostname: discoveredName(spec),
        ports: (spec.listeners ?? []).map(({ portMapping }) => portMapping.port),
        backends: (spec.backends ?? []).flatMap(
          ({ virtualService }) => virtualService?.virtualServiceName ?? [],
        ),
        tcpBackends: tcpBackendsOf(definition, name),
      },
    ]),
  );
  const { name } = mesh.gateway;
  const [listener] = definition.virtualGateways[name]?.spec.listeners ?? [];
  return {
    gateway: { name, port: listener?.portMapping.port ?? 0 },
    nodes,
    hops: Object.entries(nodes).flatMap(([to, { ports }]) =>
      (callers.get(to) ?? []).map((caller) => ({ from: caller.name, to, ports })),
    ),
    openEgress: definition.spec.egressFilter?.type === 'ALLOW_ALL',
  };
}
