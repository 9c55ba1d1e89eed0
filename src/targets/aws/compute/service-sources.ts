import { isBuiltin } from 'node:module';
import { buildSync } from 'esbuild';

/** What a program consists of. */
export interface Sources {
  /** The project's own files, from its folder. */
  readonly files: readonly string[];
  /** Names of packages. */
  readonly packages: readonly string[];
}

/**
 * What some programs of the project import, directly and in turn; imports of types alone do not count.
 * @param programs from the project's folder
 * @throws Error when a file cannot be read or names one that is not there
 */
export function sourcesOf(root: string, programs: readonly string[]): Sources {
  const { metafile } = buildSync({
    entryPoints: [...programs],
    absWorkingDir: root,
    outdir: 'unused',
    write: false,
    bundle: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  });
  const specifiers = Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.flatMap(({ path, external }) => (external && !isBuiltin(path) ? [path] : [])),
  );
  return {
    files: Object.keys(metafile.inputs).sort(),
    packages: [...new Set(specifiers.map(packageName))].sort(),
  };
}

/** `@scope/name/part` and `name/part` are parts of packages. */
function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
