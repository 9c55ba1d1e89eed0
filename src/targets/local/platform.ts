import { loadSample } from '../../data/sample/sample.ts';
import { StrataError } from '../../kernel/errors.ts';
import { trustDomainOf } from '../../mesh/platform-mesh.ts';
import type { Plan } from '../../model/plan.ts';
import { openPki, type Pki, renewalInterval } from './certificates.ts';
import { fillCompileCache } from './compile-cache.ts';
import { type StoreConnections, taskName } from './compute.ts';
import { defineEdge } from './edge.ts';
import { type AcquisitionProgress, acquireAll, type Engines } from './engines/acquisition.ts';
import { defineFunctions } from './functions.ts';
import { defineGateway } from './gateway.ts';
import { defineIdentity, tokenIssuer } from './identity.ts';
import { createMeshFiles, type MeshFiles } from './mesh.ts';
import { requireCertificates } from './mesh-environment.ts';
import { createMeshGateways, type MeshGateways } from './mesh-gateways.ts';
import { throughMesh } from './mesh-readiness.ts';
import { buildPages } from './pages.ts';
import { openPagesCertificate, type PagesCertificate } from './pages-certificate.ts';
import { deliverPages } from './pages-delivery.ts';
import type { StatePaths } from './paths.ts';
import { createPortAllocator, type FixedPorts } from './ports.ts';
import type { Address, ProcessDefinition } from './process.ts';
import { type Progress, reported } from './progress.ts';
import type { Connections } from './run.ts';
import { ensureSecrets, type Secrets } from './secrets.ts';
import { type Store, type StoreOptions, storeConnections, storesOf } from './stores.ts';
import type { Supervisor } from './supervisor/supervisor.ts';
import { createTasks, type Tasks } from './tasks.ts';

/** The processes of one project's platform, as the plan wants them. */
export interface Platform {
  /** Starts everything; settles when a request passes through. */
  start(plan: Plan, progress: Progress): Promise<void>;
  /** Takes the running platform to another plan by their difference. */
  apply(plan: Plan, progress: Progress): Promise<void>;
  /** Tells the mesh that a process came or went. */
  changed(): void;
  /** How to reach what runs; undefined before the engines are there. */
  connections(): Connections | undefined;
  /** Ends what runs on timers, and lets nothing new begin; processes are the supervisor's to stop. */
  close(): void;
  /** Settles when nothing of a start is under way any more, which may be after the start has failed. */
  settled(): Promise<void>;
}

/** Everything that stays as it is from start to stop. */
interface Foundation {
  readonly engines: Engines;
  readonly secrets: Secrets;
  readonly pki: Pki;
  readonly pages: PagesCertificate;
  readonly mesh: MeshFiles;
  readonly gateways: MeshGateways;
  readonly tasks: Tasks;
  readonly ports: StoreOptions['ports'];
  readonly stores: StoreConnections;
  readonly ingress: Address;
}

/** Makes a platform of a project; nothing runs before `start`. */
export function createPlatform(paths: StatePaths, fixed: FixedPorts, supervisor: Supervisor): Platform {
  const newPort = createPortAllocator(Object.values(fixed));
  /** What each engine was started from. */
  const revisions = new Map<string, string>();
  /** What each server that takes a configuration has. */
  const configurations = new Map<string, string>();
  let foundation: Foundation | undefined;
  let renewal: NodeJS.Timeout | undefined;
  let closed = false;
  /** All parts of a start; each ends soon once the supervisor starts nothing more. */
  let underWay: Promise<unknown> = Promise.resolve();

  const goOn = (): void => {
    if (closed) throw new StrataError('stopped-early', { component: 'supervisor' });
  };

  const lay = async (plan: Plan, engines: Engines): Promise<Foundation> => {
    const secrets = ensureSecrets(paths);
    const pki = await openPki(paths, trustDomainOf(plan.mesh.resources.name));
    const pages = await openPagesCertificate(paths);
    const ports = {
      relational: await newPort(),
      cache: await newPort(),
      cacheBus: await newPort(),
      table: await newPort(),
    };
    const ingress = { host: '127.0.0.1', port: await newPort() };
    const stores = storeConnections({ paths, engines, secrets, ports, plan });
    const mesh = createMeshFiles(paths, engines.envoy, plan);
    const gateways = createMeshGateways({ supervisor, mesh, pki, ingress, newPort });
    const tasks = createTasks({ root: paths.root, supervisor, mesh, pki, stores, newPort }, plan);
    return { engines, secrets, pki, pages, mesh, gateways, tasks, ports, stores, ingress };
  };

  const edge = (plan: Plan, { pages }: Foundation): ProcessDefinition =>
    defineEdge({
      paths,
      plan,
      port: fixed.edge,
      gateway: { host: '127.0.0.1', port: fixed.gateway },
      certificate: pages.files,
    });

  /** The processes behind the edge that take a configuration, and follow it without a restart. */
  const servers = (plan: Plan, { secrets, ingress, stores }: Foundation): ProcessDefinition[] => {
    const issuer = tokenIssuer({ ports: fixed, plan });
    const functions = defineFunctions({ root: paths.root, plan, ports: fixed, stores, secrets });
    return [
      defineIdentity({ paths, ports: fixed, plan, secrets }),
      defineGateway({ paths, plan, port: fixed.gateway, ingress, issuer, functions }),
    ];
  };

  /** Takes the servers that run to what they should have. */
  const follow = async (plan: Plan, base: Foundation, progress: Progress): Promise<void> => {
    for (const definition of [...servers(plan, base), edge(plan, base)]) {
      const { name, configuration } = definition;
      const next = JSON.stringify(configuration);
      const restarts = !sameProcess(supervisor.definition(name), definition);
      if (!restarts && configurations.get(name) === next) continue;
      await reported(progress, name, () =>
        restarts ? restart(supervisor, definition) : supervisor.configure(name, configuration),
      );
      configurations.set(name, next);
    }
  };

  const deliver = (plan: Plan): Promise<void> =>
    deliverPages(paths, plan, (removed) => supervisor.ask('edge', { type: 'invalidate', paths: removed }));

  const startStore = (store: Store, progress: Progress): Promise<void> =>
    reported(progress, store.name, async () => {
      revisions.set(store.name, store.revision);
      await supervisor.start(await store.define());
      await store.prepare();
    });

  return {
    start: async (plan, progress) => {
      // A download is not waited for when the start is given up: it meets nobody.
      const engines = await reported(progress, 'engines', (detail) =>
        acquireAll({ enginesFolder: paths.engines, onProgress: acquisitionDetail(detail) }),
      );
      goOn();
      const laid = lay(plan, engines);
      underWay = Promise.allSettled([laid]);
      const base = await laid;
      goOn();
      foundation = base;
      // What could not be renewed is tried again at the next look; half of its life is left for that.
      renewal = setInterval(() => {
        base.pki.renew().catch(() => undefined);
        base.pages.renew().catch(() => undefined);
      }, renewalInterval);
      renewal.unref();
      const pages = buildPages(paths.root, plan, progress);
      const compiled = fillCompileCache(paths);
      const startServer = async (definition: ProcessDefinition) => {
        configurations.set(definition.name, JSON.stringify(definition.configuration));
        await compiled;
        await reported(progress, definition.name, () => supervisor.start(definition));
      };
      // Pages come first: the edge would keep for a while that they are not there.
      const entrance = pages.then(() => startServer(edge(plan, base)));
      const gateways = base.gateways.place(plan).then(() => base.gateways.apply(plan));
      // A cluster takes two seconds to form, and tasks serve without the cache: they do not wait for it.
      const all = storesOf({ paths, plan, ...base });
      const cache = all.filter(({ essential }) => !essential).map((store) => startStore(store, progress));
      const stores = Promise.all(
        all.filter(({ essential }) => essential).map((store) => startStore(store, progress)),
      );
      const sample = stores.then(() => startSample(base.stores, progress));
      const services = Object.keys(plan.compute.services).map(async (service) => {
        await Promise.all([stores, compiled]);
        await reported(progress, service, () => base.tasks.apply(plan, service));
      });
      const parts = [
        ...servers(plan, base).map(startServer),
        ...services,
        ...cache,
        gateways,
        sample,
        entrance,
      ];
      underWay = Promise.allSettled(parts);
      await Promise.all(parts);
      await deliver(plan);
      await reported(progress, 'ingress', () => throughMesh(plan, base.ingress));
    },

    apply: async (plan, progress) => {
      const base = foundation;
      if (!base) return;
      requireCertificates(plan);
      const pages = buildPages(paths.root, plan, progress);
      // Whatever else fails first is what is told.
      pages.catch(() => undefined);
      const { tasks, gateways } = base;
      for (const store of storesOf({ paths, plan, ...base })) {
        if (revisions.get(store.name) !== store.revision) {
          await reported(progress, store.name, async () => restart(supervisor, await store.define()));
          revisions.set(store.name, store.revision);
        }
        await store.prepare();
      }
      await gateways.place(plan);
      for (const proxy of tasks.publish(plan)) {
        const definition = supervisor.definition(proxy);
        if (definition) await reported(progress, proxy, () => restart(supervisor, definition));
      }
      await gateways.apply(plan);
      const services = new Set([...Object.keys(plan.compute.services), ...tasks.services()]);
      await Promise.all(
        [...services].map((service) =>
          reported(progress, service, async (detail) => {
            await tasks.apply(plan, service);
            const count = tasks.list().filter((task) => task.service === service).length;
            detail(count === 1 ? '1 task' : `${count} tasks`);
          }),
        ),
      );
      await pages;
      await follow(plan, base, progress);
      await deliver(plan);
    },

    changed: () => void foundation?.tasks.publish(),

    connections: () =>
      foundation && {
        ...foundation.stores,
        ingress: urlOf(foundation.ingress),
        identity: { endpoint: `http://127.0.0.1:${fixed.identity}` },
        tasks: Object.fromEntries(
          foundation.tasks.list().map(({ service, number, addresses }) => [
            taskName(service, number),
            {
              service,
              application: urlOf(addresses.application),
              ingress: urlOf(addresses.ingress),
              egress: urlOf(addresses.egress),
            },
          ]),
        ),
      },

    close: () => {
      closed = true;
      clearInterval(renewal);
    },

    settled: async () => {
      await underWay;
    },
  };
}

async function startSample({ database }: StoreConnections, progress: Progress): Promise<void> {
  await reported(progress, 'sample data', async (detail) => {
    const loaded = await loadSample(database);
    if (loaded > 0) detail(`${loaded} places`);
  });
}

/** Tells what is under way for all engines together, and in the end which of them were fetched. */
function acquisitionDetail(detail: (text: string) => void): (progress: AcquisitionProgress) => void {
  const stages = new Map<string, AcquisitionProgress['stage']>();
  return ({ engine, stage }) => {
    if (stage === 'ready' && !stages.has(engine)) return;
    stages.set(engine, stage);
    const underWay = [...stages].filter(([, now]) => now !== 'ready');
    const words = underWay.map(([name, now]) => `${now} ${name}`);
    detail(underWay.length > 0 ? words.join(', ') : `fetched ${[...stages.keys()].join(', ')}`);
  };
}

/** Whether a running process was started the way a definition says; configurations do not count. */
function sameProcess(one: ProcessDefinition | undefined, other: ProcessDefinition): boolean {
  const start = (definition: ProcessDefinition | undefined) => {
    if (!definition) return undefined;
    const { command, arguments: words, environment, directory, user, stop } = definition;
    return JSON.stringify([command, words, environment, directory, user, stop]);
  };
  return start(one) === start(other);
}

async function restart(supervisor: Supervisor, definition: ProcessDefinition): Promise<void> {
  await supervisor.stop(definition.name);
  await supervisor.start(definition);
}

function urlOf({ host, port }: Address): string {
  return `http://${host}:${port}`;
}
