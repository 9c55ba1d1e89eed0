import { describe } from '../../../model/mistake.ts';
import { compileProxy, proxiesOf } from '../../compile.ts';
import type { MeshDefinition } from '../../definition.ts';
import type { ProxyReference } from '../../environment.ts';
import { bundled } from '../../envoy/bundle.ts';
import { resolveProxy } from '../../resolution.ts';
import type { Workload } from '../kubernetes/workload.ts';
import { sidecarEnvironment } from './environment.ts';
import { type EnvironmentManifest, manifestOf } from './manifest.ts';
import { selfContained } from './self-contained.ts';

/** A proxy of an imported mesh, compiled for a container of its own. */
export interface SidecarProxy {
  readonly proxy: ProxyReference;
  readonly manifest: EnvironmentManifest;
  /** The proxy's files by name: `bootstrap.json`, and with `live` what may change while it runs. */
  readonly files: Readonly<Record<string, object>>;
  /** All of it in one bootstrap, for Envoy to judge. */
  readonly whole: object;
}

/** How proxies are written. */
export interface SidecarOptions {
  readonly envoyVersion: string;
  /** Whether secrets and addresses are in files of their own, which act without a restart when they are replaced. */
  readonly live: boolean;
  /** What runs beside proxies, as far as Kubernetes documents say it. */
  readonly workloads: readonly Workload[];
}

/** A proxy that could not be compiled, and why. */
export interface RefusedProxy {
  readonly proxy: ProxyReference;
  readonly reason: string;
}

/** Compiles every proxy of a mesh. */
export function sidecarProxies(
  mesh: MeshDefinition,
  options: SidecarOptions,
): { readonly compiled: readonly SidecarProxy[]; readonly refused: readonly RefusedProxy[] } {
  const compiled: SidecarProxy[] = [];
  const refused: RefusedProxy[] = [];
  for (const proxy of proxiesOf(mesh)) {
    const result = sidecarProxy(mesh, proxy, options);
    if ('reason' in result) refused.push(result);
    else compiled.push(result);
  }
  return { compiled, refused };
}

function sidecarProxy(
  mesh: MeshDefinition,
  proxy: ProxyReference,
  { envoyVersion, live, workloads }: SidecarOptions,
): SidecarProxy | RefusedProxy {
  const environment = sidecarEnvironment(mesh, proxy);
  const { model, mistakes } = resolveProxy(mesh, proxy, environment);
  if (mistakes.length > 0) return { proxy, reason: mistakes.map(describe).join('; ') };
  try {
    const compiled = compileProxy(mesh, proxy, environment).files;
    const whole = selfContained(compiled);
    const files = live ? bundled(compiled) : { 'bootstrap.json': whole };
    const kind = proxy.kind === 'node' ? 'virtualNode' : 'virtualGateway';
    const workload = workloads.find((one) => one.kind === kind && one.name === proxy.name);
    const manifest = manifestOf({
      workload,
      mesh,
      model,
      environment,
      files: Object.keys(files),
      envoyVersion,
    });
    return { proxy, manifest, files, whole };
  } catch (error) {
    if (error instanceof RangeError) return { proxy, reason: error.message };
    throw error;
  }
}
