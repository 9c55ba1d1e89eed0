import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type CompiledProxy, compileProxy } from '../../mesh/compile.ts';
import { succession } from '../../mesh/envoy/succession.ts';
import { meshIndex } from '../../mesh/mesh-index.ts';
import { platformMesh } from '../../mesh/platform-mesh.ts';
import { resolveProxy } from '../../mesh/resolution.ts';
import type { Plan } from '../../model/plan.ts';
import type { Executables } from './engines/acquisition.ts';
import { defineProxy } from './engines/proxy.ts';
import { writeFileAtomically } from './file.ts';
import { type Endpoints, environmentOf, isPartOf, type ProxyPlacement } from './mesh-environment.ts';
import type { StatePaths } from './paths.ts';
import type { Address, ProcessDefinition } from './process.ts';
import { knowsClusters, untilHolds } from './proxy-admin.ts';

/** The configuration files of every proxy. */
export interface MeshFiles {
  /** Writes a proxy's files and says how it is started. */
  add(placement: ProxyPlacement): ProcessDefinition;
  /** Has a proxy listen elsewhere from the next update on. */
  move(placement: ProxyPlacement): void;
  /** Forgets a proxy and removes its files. */
  remove(name: string): void;
  /**
   * Compiles every proxy again and replaces the files that differ; routes to nodes that a proxy did not call before
   * follow when it knows them. A proxy that has no address for a listener the plan gives it keeps its files: it is a
   * task's that will be replaced.
   * @returns names of proxies whose bootstrap changed, which act only after a restart
   */
  update(plan: Plan, endpoints: Endpoints): string[];
  /** Admin addresses of the proxies that send requests to a service. */
  callersOf(service: string): Address[];
  /** Writes nothing more by itself. */
  close(): void;
}

/** How long a proxy may take to know a new cluster before its routes name it all the same. Milliseconds. */
const patience = 5_000;

/**
 * How long proxies have to follow a plan before what only the one before needed is taken away: callers that are no
 * longer let in, clusters that are no longer called. Milliseconds.
 */
const settlingTime = 2 * patience;

/** Keeps the files of a mesh. What a proxy reads is replaced by renaming, so that it never sees a part. */
export function createMeshFiles(
  paths: StatePaths,
  executables: Executables<'envoy'>,
  initial: Plan,
): MeshFiles {
  const placements = new Map<string, ProxyPlacement>();
  /** What each proxy has, and what it is on its way to. */
  const applied = new Map<string, CompiledProxy['files']>();
  const latest = new Map<string, CompiledProxy['files']>();
  const current = { plan: initial, mesh: platformMesh(initial.mesh), endpoints: {} as Endpoints };
  /** The plan that all proxies are known to follow. */
  let settled = initial;
  let settling: NodeJS.Timeout | undefined;

  const environment = (placement: ProxyPlacement) =>
    environmentOf(placement, { ...current, directory: join(paths.envoy, placement.name) });
  /** Replaces files that differ. @returns their names */
  const replaceAll = ({ name }: ProxyPlacement, files: CompiledProxy['files']): string[] =>
    Object.entries(files)
      .filter(([file, content]) => replace(join(paths.envoy, name, file), content))
      .map(([file]) => file);
  const write = (placement: ProxyPlacement): string[] => {
    const { name, admin } = placement;
    const { files } = compileProxy(current.mesh, placement.proxy, environment(placement));
    const { first, awaited, rest } = succession(applied.get(name), files);
    latest.set(name, files);
    const finish = () => {
      if (latest.get(name) !== files) return [];
      applied.set(name, files);
      return replaceAll(placement, rest);
    };
    const replaced = replaceAll(placement, first);
    if (awaited.length === 0) return [...replaced, ...finish()];
    void untilHolds(() => knowsClusters(admin, awaited), patience).then(finish);
    return replaced;
  };
  const fits = (placement: ProxyPlacement) =>
    isPartOf(current.mesh, placement.proxy) &&
    resolveProxy(current.mesh, placement.proxy, environment(placement)).mistakes.length === 0;

  const writeAll = () =>
    [...placements.values()]
      .filter(fits)
      .filter((placement) => write(placement).includes('bootstrap.json'))
      .map(({ name }) => name);

  return {
    add: (placement) => {
      const directory = join(paths.envoy, placement.name);
      rmSync(directory, { recursive: true, force: true });
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      placements.set(placement.name, placement);
      applied.delete(placement.name);
      write(placement);
      const [address] = Object.values(placement.listeners);
      return defineProxy({
        name: placement.name,
        executables,
        bootstrapFile: join(directory, 'bootstrap.json'),
        directory,
        admin: placement.admin,
        ...(address ? { address } : {}),
      });
    },
    move: (placement) => void placements.set(placement.name, placement),
    remove: (name) => {
      placements.delete(name);
      applied.delete(name);
      latest.delete(name);
      rmSync(join(paths.envoy, name), { recursive: true, force: true });
    },
    update: (plan, endpoints) => {
      current.endpoints = endpoints;
      if (plan !== current.plan) {
        Object.assign(current, { plan, mesh: platformMesh(plan.mesh, settled.mesh) });
        clearTimeout(settling);
        settling = setTimeout(() => {
          settled = plan;
          current.mesh = platformMesh(plan.mesh);
          writeAll();
        }, settlingTime).unref();
      }
      return writeAll();
    },
    callersOf: (service) => {
      const callers = meshIndex(current.mesh).callers.get(service) ?? [];
      return [...placements.values()]
        .filter(({ proxy }) => callers.some(({ kind, name }) => kind === proxy.kind && name === proxy.name))
        .map(({ admin }) => admin);
    },
    close: () => clearTimeout(settling),
  };
}

/** Replaces a file when its content differs. @returns whether it did */
function replace(path: string, content: object): boolean {
  const text = JSON.stringify(content, undefined, 1);
  if (readText(path) === text) return false;
  writeFileAtomically(path, text);
  return true;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
