import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StrataError } from '../kernel/errors.ts';
import type { ImportedMesh } from '../mesh/import/assembly/assemble.ts';
import { echoFolder, meshBlueprint } from '../mesh/import/blueprint/document.ts';
import { blueprintText } from '../mesh/import/blueprint/source-text.ts';
import type { CompiledMesh } from '../mesh/import/report.ts';
import { inventoryFile, inventoryOf, sidecarFolder } from '../mesh/import/sidecar/folder.ts';
import { acquire } from '../targets/local/engines/acquisition.ts';
import { packages } from '../targets/local/engines/packages.ts';
import { writeFolder } from './mesh-folder.ts';
import { counted } from './mesh-report.ts';
import { validateAll } from './mesh-validation.ts';
import { project } from './project.ts';

/**
 * Writes the proxies of some meshes into a folder, after Envoy has accepted each.
 * @throws StrataError mesh-rejected | folder-occupied | output-unwritable, or as `acquire`
 */
export async function writeSidecars(folder: string, meshes: readonly CompiledMesh[]): Promise<void> {
  const proxies = meshes.flatMap(({ compiled }) => compiled);
  const files = sidecarFolder(proxies);
  await judge(proxies.map(({ manifest, whole }) => ({ name: manifest.proxy.name, bootstrap: whole })));
  writeFolder(folder, files, inventoryFile);
  const { version } = packages.envoy;
  const proxiesText = counted(proxies.length, 'proxy', 'proxies');
  process.stderr.write(`  ${proxiesText}, each accepted by Envoy ${version}: see ${folder}/README.md\n`);
}

async function judge(configurations: Parameters<typeof validateAll>[1]): Promise<void> {
  if (configurations.length === 0) return;
  const { envoy } = await acquire('envoy', { enginesFolder: project.engines });
  const [first] = await validateAll(envoy, configurations);
  if (first) throw new StrataError('mesh-rejected', { ...first });
}

/**
 * Writes the one mesh there is as a blueprint: into a folder, with the program that stands for its services, or to the
 * standard output.
 * @throws StrataError mesh-several | folder-occupied | output-unwritable
 */
export function writeBlueprint(folder: string | undefined, meshes: readonly ImportedMesh[]): void {
  const [mesh, ...others] = meshes;
  if (mesh === undefined) return;
  if (others.length > 0) {
    throw new StrataError('mesh-several', { names: meshes.map(({ name }) => name).join(', ') });
  }
  const blueprint = meshBlueprint(mesh.resources);
  for (const note of blueprint.notes) process.stderr.write(`  · ${note}\n`);
  const text = blueprintText(blueprint);
  if (folder === undefined) {
    process.stdout.write(text);
    return;
  }
  const program = join(echoFolder, 'main.ts');
  const files = { 'blueprint.ts': text, [program]: readFileSync(join(project.root, program), 'utf8') };
  writeFolder(folder, { ...files, [inventoryFile]: inventoryOf(files) }, inventoryFile);
  process.stderr.write(`  blueprint.ts in ${folder}: put it in the project's place and run strata up\n`);
}
