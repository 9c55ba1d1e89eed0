import { Command } from 'commander';
import { StrataError } from '../kernel/errors.ts';
import { spiffeId } from '../kernel/spiffe.ts';
import { compileProxy, proxiesOf } from '../mesh/compile.ts';
import type { MeshDefinition } from '../mesh/definition.ts';
import type { ProxyEnvironment, ProxyReference } from '../mesh/environment.ts';
import { proxyDirectory, sidecarEnvironment } from '../mesh/import/sidecar/environment.ts';
import { selfContained } from '../mesh/import/sidecar/self-contained.ts';
import { trustDomainId } from '../mesh/mutual-tls.ts';
import { platformMesh, trustDomainOf } from '../mesh/platform-mesh.ts';
import { refusals } from '../mesh/refusals.ts';
import { resolveProxy } from '../mesh/resolution.ts';
import { acquire } from '../targets/local/engines/acquisition.ts';
import { packages } from '../targets/local/engines/packages.ts';
import { counted } from './mesh-report.ts';
import { validateAll } from './mesh-validation.ts';
import { BlueprintInvalid, loadPlan, project } from './project.ts';

/** `strata mesh validate`: the blueprint's mesh, compiled and judged by Envoy. */
export function meshValidateCommand(): Command {
  return new Command('validate')
    .description("compile the blueprint's mesh and let Envoy validate every proxy")
    .addHelpText('after', '\nExample:\n  strata mesh validate')
    .action(meshValidate);
}

async function meshValidate(): Promise<void> {
  const { mesh: section } = await loadPlan();
  const mesh = platformMesh(section);
  const proxies = proxiesOf(mesh).map((proxy) => ({ proxy, environment: platformEnvironment(mesh, proxy) }));
  const mistakes = [
    ...refusals(section.resources).map(({ mistake }) => mistake),
    ...proxies.flatMap(({ proxy, environment }) => resolveProxy(mesh, proxy, environment).mistakes),
  ];
  if (mistakes.length > 0) throw new BlueprintInvalid(mistakes);
  const { envoy } = await acquire('envoy', { enginesFolder: project.engines });
  const configurations = proxies.map(({ proxy, environment }) => ({
    name: proxy.name,
    bootstrap: selfContained(compileProxy(mesh, proxy, environment).files),
  }));
  const rejections = await validateAll(envoy, configurations);
  for (const { name, reason } of rejections.slice(1)) process.stderr.write(`  ${name}: ${reason}\n`);
  const [first] = rejections;
  if (first) throw new StrataError('mesh-rejected', { ...first });
  const count = counted(proxies.length, 'proxy', 'proxies');
  process.stdout.write(`  mesh ${mesh.name}: ${count}, each accepted by Envoy ${packages.envoy.version}\n`);
}

/** Where a proxy of the platform runs, as far as its configuration depends on it. */
function platformEnvironment(mesh: MeshDefinition, proxy: ProxyReference): ProxyEnvironment {
  const trustDomain = trustDomainOf(mesh.name);
  const identity = spiffeId(trustDomain, proxy.name);
  const folder = `${proxyDirectory}/certificates`;
  const own = { certificateChain: `${folder}/chain.pem`, privateKey: `${folder}/key.pem` };
  const authorities = { authorities: `${folder}/authorities.pem` };
  return {
    ...sidecarEnvironment(mesh, proxy),
    identity,
    secrets: { kind: 'files', secrets: { [identity]: own, [trustDomainId(trustDomain)]: authorities } },
  };
}
