import type { Plan } from '../../model/plan.ts';
import type { Pki } from './certificates.ts';
import type { MeshFiles } from './mesh.ts';
import type { ProxyPlacement } from './mesh-environment.ts';
import type { Address, ProcessDefinition } from './process.ts';
import type { Supervisor } from './supervisor/supervisor.ts';

/** What the virtual gateways of a platform are made of. */
export interface GatewayResources {
  readonly supervisor: Supervisor;
  readonly mesh: MeshFiles;
  readonly pki: Pki;
  /** Where the platform's ingress takes requests, whatever port the blueprint gives its first listener. */
  readonly ingress: Address;
  readonly newPort: () => Promise<number>;
}

/** The virtual gateways of a platform: the ingress and whatever others the blueprint has, each an Envoy of its own. */
export interface MeshGateways {
  /** Gives each gateway of a plan the addresses its listeners need; starts none. */
  place(plan: Plan): Promise<void>;
  /** Starts what the plan has and does not run, ends what it no longer has. */
  apply(plan: Plan): Promise<void>;
}

/** What `strata status` calls a gateway's Envoy. */
function processName({ mesh }: Plan, gateway: string): string {
  return gateway === mesh.gateway.name ? 'ingress' : `${gateway}-envoy`;
}

/** Keeps the virtual gateways of a platform. */
export function createMeshGateways(resources: GatewayResources): MeshGateways {
  const { supervisor, mesh, pki, newPort } = resources;
  const placements = new Map<string, ProxyPlacement>();
  const running = new Set<string>();

  const address = async () => ({ host: '127.0.0.1', port: await newPort() });
  const placed = async (plan: Plan, gateway: string): Promise<ProxyPlacement> => {
    const name = processName(plan, gateway);
    const known = placements.get(name);
    const listeners: Record<number, Address> = {};
    for (const [index, port] of portsOf(plan, gateway).entries()) {
      const fixed = index === 0 && name === 'ingress' ? resources.ingress : undefined;
      listeners[port] = fixed ?? known?.listeners[port] ?? (await address());
    }
    return {
      name,
      proxy: { kind: 'gateway', name: gateway },
      admin: known?.admin ?? (await address()),
      listeners,
      certificates: await pki.ensure(gateway),
    };
  };

  return {
    place: async (plan) => {
      for (const gateway of Object.keys(plan.mesh.resources.virtualGateways)) {
        const placement = await placed(plan, gateway);
        placements.set(placement.name, placement);
        if (running.has(placement.name)) mesh.move(placement);
      }
    },
    apply: async (plan) => {
      const wanted = new Set(
        Object.keys(plan.mesh.resources.virtualGateways).map((gateway) => processName(plan, gateway)),
      );
      const starting: ProcessDefinition[] = [];
      for (const [name, placement] of placements) {
        if (wanted.has(name) && !running.has(name)) starting.push(mesh.add(placement));
        if (!wanted.has(name)) {
          await supervisor.stop(name);
          mesh.remove(name);
          placements.delete(name);
          running.delete(name);
        }
      }
      await Promise.all(
        starting.map(async (definition) => {
          running.add(definition.name);
          await supervisor.start(definition);
        }),
      );
    },
  };
}

function portsOf({ mesh }: Plan, gateway: string): number[] {
  const listeners = mesh.resources.virtualGateways[gateway]?.spec.listeners ?? [];
  return listeners.map(({ portMapping }) => portMapping.port);
}
