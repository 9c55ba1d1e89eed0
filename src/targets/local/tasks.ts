import { rollout } from '../../compute/rollout.ts';
import { StrataError } from '../../kernel/errors.ts';
import type { Plan } from '../../model/plan.ts';
import type { Pki } from './certificates.ts';
import {
  defineTask,
  meshPortsOf,
  type StoreConnections,
  serviceRevision,
  sidecarName,
  type TaskAddresses,
  taskName,
} from './compute.ts';
import type { MeshFiles } from './mesh.ts';
import type { Endpoints } from './mesh-environment.ts';
import type { Address } from './process.ts';
import { hostState, requestsInFlight, untilHolds } from './proxy-admin.ts';
import type { Supervisor } from './supervisor/supervisor.ts';

/** One task: an application and its sidecar. */
export interface Task {
  readonly service: string;
  readonly number: number;
  readonly revision: string;
  readonly addresses: TaskAddresses;
  /** Callers no longer send it anything. */
  leaving: boolean;
}

/** What tasks are made of. */
export interface TaskResources {
  readonly root: string;
  readonly supervisor: Supervisor;
  readonly mesh: MeshFiles;
  readonly pki: Pki;
  readonly stores: StoreConnections;
  readonly newPort: () => Promise<number>;
}

/** The tasks of all services. */
export interface Tasks {
  /** Takes one service to what the plan says, step by step; a service the plan does not have loses all tasks. */
  apply(plan: Plan, service: string): Promise<void>;
  /** Tells every proxy where tasks can be reached now. @returns proxies that need a restart for the plan */
  publish(plan?: Plan): string[];
  /** Services that have tasks. */
  services(): string[];
  list(): readonly Task[];
}

/** How long callers may take to see that a task came or went, and its last answers to be given. Milliseconds. */
const patience = 10_000;

/** Keeps the tasks of a platform. */
export function createTasks(resources: TaskResources, initial: Plan): Tasks {
  const { root, supervisor, mesh, pki, stores, newPort } = resources;
  const tasks = new Map<string, Task>();
  let current = initial;

  /** A task serves when both its processes run; a moment's unanswered probe is for the health checks to judge. */
  const serves = ({ service, number, leaving }: Task) =>
    !leaving &&
    [taskName(service, number), sidecarName(service, number)].every((name) => {
      const state = supervisor.state(name);
      return state === 'healthy' || state === 'unhealthy';
    });
  const endpoints = (): Endpoints =>
    Object.fromEntries(
      Object.keys(current.compute.services).map((service) => [
        service,
        [...tasks.values()]
          .filter((task) => task.service === service && serves(task))
          .map(({ addresses }) => addresses.listeners),
      ]),
    );
  const publish = (plan = current): string[] => {
    current = plan;
    return mesh.update(current, endpoints());
  };
  const everyCaller = (service: string, holds: (admin: Address) => Promise<boolean>) => async () =>
    (await Promise.all(mesh.callersOf(service).map(holds))).every(Boolean);

  const start = async (plan: Plan, service: string, number: number, revision: string): Promise<Task> => {
    const addresses = await newAddresses(plan, service, newPort);
    const name = sidecarName(service, number);
    const certificates = await pki.ensure(service);
    const task: Task = { service, number, revision, addresses, leaving: false };
    const sidecar = mesh.add({ name, proxy: { kind: 'node', name: service }, ...addresses, certificates });
    tasks.set(taskName(service, number), task);
    try {
      await Promise.all([
        supervisor.start(sidecar),
        supervisor.start(defineTask({ plan, service, number, root, addresses, stores })),
      ]);
    } catch (error) {
      await remove(task);
      throw error;
    }
    publish();
    return task;
  };

  /** The next step may take another task away only when every caller has found this one healthy. */
  const untilReached = async ({ service, number, addresses }: Task) => {
    const healthy = async (admin: Address) => {
      const state = await hostState(admin, addresses.ingress);
      return state === 'healthy' || state === 'unknown';
    };
    if (await untilHolds(everyCaller(service, healthy), patience)) return;
    const component = taskName(service, number);
    const reason = 'its callers do not find it healthy';
    throw new StrataError('component-not-ready', { component, seconds: patience / 1000, reason });
  };

  const remove = async (task: Task) => {
    const { service, number } = task;
    await supervisor.stop(taskName(service, number));
    await supervisor.stop(sidecarName(service, number));
    mesh.remove(sidecarName(service, number));
    tasks.delete(taskName(service, number));
  };

  /** Out of the callers' lists first, then its last answers, then its end. */
  const drain = async (task: Task) => {
    task.leaving = true;
    publish();
    const { service, addresses } = task;
    const absent = async (admin: Address) =>
      !['healthy', 'unhealthy'].includes(await hostState(admin, addresses.ingress));
    await untilHolds(everyCaller(service, absent), patience);
    await untilHolds(async () => (await requestsInFlight(addresses.admin)) === 0, patience);
    await remove(task);
  };

  return {
    apply: async (plan, service) => {
      const running = [...tasks.values()].filter((task) => task.service === service);
      if (!(service in plan.compute.services)) {
        for (const task of running) await drain(task);
        return;
      }
      const revision = serviceRevision({ plan, service, stores, root });
      const desired = { tasks: plan.compute.services[service]?.tasks ?? 0, revision };
      const steps = rollout(running, desired);
      if (running.length === 0) {
        await Promise.all(
          steps.map(async (step) => 'start' in step && (await start(plan, service, step.start, revision))),
        );
        return;
      }
      for (const step of steps) {
        if ('start' in step) await untilReached(await start(plan, service, step.start, revision));
        else {
          const task = tasks.get(taskName(service, step.stop));
          if (task) await drain(task);
        }
      }
    },
    publish,
    services: () => [...new Set([...tasks.values()].map(({ service }) => service))],
    list: () => [...tasks.values()],
  };
}

async function newAddresses(
  plan: Plan,
  service: string,
  newPort: () => Promise<number>,
): Promise<TaskAddresses> {
  const address = async () => ({ host: '127.0.0.1', port: await newPort() });
  const own = plan.compute.services[service]?.port ?? 0;
  const { listeners: ports, tcpBackends } = meshPortsOf(plan, service);
  const [application, ingress] = [await address(), await address()];
  const applications: Record<number, Address> = { [own]: application };
  const listeners: Record<number, Address> = { [own]: ingress };
  for (const port of ports.filter((other) => other !== own)) {
    applications[port] = await address();
    listeners[port] = await address();
  }
  const tcpEgress: Record<string, Record<number, Address>> = {};
  for (const backend of tcpBackends) {
    tcpEgress[backend.service] = { ...tcpEgress[backend.service], [backend.port]: await address() };
  }
  const [egress, admin] = [await address(), await address()];
  return { application, applications, ingress, listeners, egress, tcpEgress, admin };
}
