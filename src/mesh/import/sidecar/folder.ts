import { dockerfileOf, kubernetesManifestOf, taskDefinitionOf } from './container.ts';
import { folderNameOf } from './folder-name.ts';
import type { PlacedProxy } from './placed-proxy.ts';
import type { SidecarProxy } from './proxies.ts';
import { readmeOf } from './readme.ts';

/** The name of the file that says which files of a folder are ours. */
export const inventoryFile = 'strata-mesh.json';

/**
 * The files for running the proxies of some meshes, by their paths in one folder: for each proxy its configuration,
 * what it expects, and fragments for ECS and Kubernetes; for all of them a page that says how to go on.
 */
export function sidecarFolder(proxies: readonly SidecarProxy[]): Readonly<Record<string, string>> {
  const placed = proxies.map((proxy): PlacedProxy => ({ folder: folderOf(proxy), proxy }));
  const files = Object.fromEntries(placed.flatMap(({ folder, proxy }) => proxyFiles(folder, proxy)));
  const all = { ...files, 'README.md': readmeOf(placed) };
  return { ...all, [inventoryFile]: inventoryOf(all) };
}

/** The file that says which files of a folder are ours. */
export function inventoryOf(files: Readonly<Record<string, string>>): string {
  return json({ madeBy: 'strata mesh import', files: Object.keys(files) });
}

function folderOf({ manifest: { mesh, proxy } }: SidecarProxy): string {
  return `${folderNameOf(mesh)}/${folderNameOf(`${proxy.kind}-${proxy.name}`)}`;
}

function proxyFiles(folder: string, { manifest, files }: SidecarProxy): [path: string, content: string][] {
  const contents = Object.fromEntries(Object.entries(files).map(([name, content]) => [name, json(content)]));
  const own: Readonly<Record<string, string>> = {
    ...contents,
    'environment.json': json(manifest),
    Dockerfile: dockerfileOf(manifest),
    'ecs-task-definition.json': json(taskDefinitionOf(manifest)),
    'kubernetes.yaml': kubernetesManifestOf(manifest, contents),
  };
  return Object.entries(own).map(([name, content]) => [`${folder}/${name}`, content]);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
