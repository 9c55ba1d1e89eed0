import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const dependencies = z.record(z.string(), z.string()).optional();
const lockEntry = z.looseObject({
  version: z.string().optional(),
  dependencies,
  optionalDependencies: dependencies,
});
const lockFile = z.looseObject({ lockfileVersion: z.literal(3), packages: z.record(z.string(), lockEntry) });

type LockEntry = z.output<typeof lockEntry>;

/** What npm installs a part of the project from. */
export interface PackageFiles {
  readonly 'package.json': object;
  readonly 'package-lock.json': object;
}

/**
 * Some packages, and what those need in turn, at the versions of the project's own lock file: an image holds nothing it
 * does not use, and never another version than was tested.
 * @param root holds the project's package.json and package-lock.json
 * @throws Error when one is no dependency of the project
 */
export function packagesOf(imported: readonly string[], root: string): PackageFiles {
  const project = z
    .object({ name: z.string(), version: z.string(), dependencies: z.record(z.string(), z.string()) })
    .parse(readJson(join(root, 'package.json')));
  const { packages } = lockFile.parse(readJson(join(root, 'package-lock.json')));
  const versions = Object.fromEntries(
    imported.map((name) => {
      const version = project.dependencies[name];
      if (version === undefined) throw new Error(`${name} is imported but is no dependency of the project`);
      return [name, version];
    }),
  );
  const own = {
    name: `${project.name}-services`,
    version: project.version,
    private: true,
    type: 'module',
    dependencies: versions,
  };
  const { name, version } = own;
  return {
    'package.json': own,
    'package-lock.json': {
      name,
      version,
      lockfileVersion: 3,
      requires: true,
      packages: { '': { name, version, dependencies: versions }, ...needed(packages, imported) },
    },
  };
}

/** Entries of the lock file that are reached from some packages, in the lock file's order. */
function needed(
  packages: Readonly<Record<string, LockEntry>>,
  roots: readonly string[],
): Record<string, LockEntry> {
  const reached = new Set<string>();
  const visit = (from: string, name: string) => {
    const path = resolved(packages, from, name);
    if (path === undefined || reached.has(path)) return;
    reached.add(path);
    const { dependencies: required, optionalDependencies: optional } = packages[path] ?? {};
    for (const next of Object.keys({ ...required, ...optional })) visit(path, next);
  };
  for (const name of roots) visit('', name);
  return Object.fromEntries(Object.entries(packages).filter(([path]) => reached.has(path)));
}

/** Where a package finds another: beside itself, or further up (https://nodejs.org/api/modules.html#loading-from-node_modules-folders). */
function resolved(
  packages: Readonly<Record<string, LockEntry>>,
  from: string,
  name: string,
): string | undefined {
  for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))) {
    const path = `${place === '' ? '' : `${place}/`}node_modules/${name}`;
    if (path in packages) return path;
    if (place === '') return undefined;
  }
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
