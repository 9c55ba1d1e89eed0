import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compileProxy } from '../../mesh/compile.ts';
import type { ProxyEnvironment, ProxyReference } from '../../mesh/environment.ts';
import type { Plan } from '../../model/plan.ts';
import type { CertificateFiles } from './certificates.ts';
import type { TaskAddresses } from './compute.ts';
import type { Executables } from './engines/acquisition.ts';
import { defineProxy } from './engines/proxy.ts';
import { writeFileAtomically } from './file.ts';
import type { StatePaths } from './paths.ts';
import type { Address, ProcessDefinition } from './process.ts';

/** One Envoy of the mesh. */
export interface ProxyPlacement {
  /** What `strata status` calls it. */
  readonly name: string;
  readonly proxy: ProxyReference;
  /** Where it listens; the mesh's gateway has no application and no egress. */
  readonly addresses: Pick<TaskAddresses, 'ingress' | 'admin'> & Partial<TaskAddresses>;
  readonly certificates: CertificateFiles;
}

/** Where the sidecars of each service can be reached now. */
export type Endpoints = Readonly<Record<string, readonly Address[]>>;

/** The configuration files of every proxy. */
export interface MeshFiles {
  /** Writes a proxy's files and says how it is started. */
  add(placement: ProxyPlacement): ProcessDefinition;
  /** Forgets a proxy and removes its files. */
  remove(name: string): void;
  /**
   * Compiles every proxy again and replaces the files that differ.
   * @returns names of proxies whose bootstrap changed, which act only after a restart
   */
  update(plan: Plan, endpoints: Endpoints): string[];
  /** Admin addresses of the proxies that send requests to a service. */
  callersOf(service: string): Address[];
}

/** Keeps the files of a mesh. What a proxy reads is replaced by renaming, so that it never sees a part. */
export function createMeshFiles(
  paths: StatePaths,
  executables: Executables<'envoy'>,
  initial: Plan,
): MeshFiles {
  const placements = new Map<string, ProxyPlacement>();
  let plan = initial;
  let endpoints: Endpoints = {};

  const compile = (placement: ProxyPlacement) => {
    const environment: ProxyEnvironment = {
      directory: join(paths.envoy, placement.name),
      ...placement.addresses,
      certificates: placement.certificates,
      trustDomain: plan.mesh.name,
      health: Object.fromEntries(
        Object.entries(plan.compute.services).map(([name, { health }]) => [name, health]),
      ),
      endpoints,
    };
    return Object.entries(compileProxy(plan.mesh, placement.proxy, environment).files);
  };
  const write = (placement: ProxyPlacement): string[] =>
    compile(placement)
      .filter(([file, content]) => replace(join(paths.envoy, placement.name, file), content))
      .map(([file]) => file);

  return {
    add: (placement) => {
      const directory = join(paths.envoy, placement.name);
      rmSync(directory, { recursive: true, force: true });
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      placements.set(placement.name, placement);
      write(placement);
      return defineProxy({
        name: placement.name,
        executables,
        bootstrapFile: join(directory, 'bootstrap.json'),
        directory,
        admin: placement.addresses.admin,
        address: placement.addresses.ingress,
      });
    },
    remove: (name) => {
      placements.delete(name);
      rmSync(join(paths.envoy, name), { recursive: true, force: true });
    },
    update: (nextPlan, nextEndpoints) => {
      plan = nextPlan;
      endpoints = nextEndpoints;
      const known = [...placements.values()].filter(
        ({ proxy }) => proxy.kind === 'gateway' || proxy.name in plan.mesh.nodes,
      );
      return known.filter((placement) => write(placement).includes('bootstrap.json')).map(({ name }) => name);
    },
    callersOf: (service) =>
      [...placements.values()]
        .filter(({ proxy }) => calls(plan, proxy, service))
        .map(({ addresses }) => addresses.admin),
  };
}

function calls({ mesh }: Plan, proxy: ProxyReference, service: string): boolean {
  if (proxy.kind === 'gateway') return mesh.gateway.routes.some(({ node }) => node === service);
  const backends = mesh.nodes[proxy.name]?.backends ?? [];
  return Object.values(mesh.routers).some(
    ({ virtualService, routes }) =>
      backends.includes(virtualService) &&
      routes.some(({ targets }) => targets.some(({ node }) => node === service)),
  );
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
