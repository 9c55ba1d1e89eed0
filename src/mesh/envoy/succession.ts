import type { CompiledProxy } from '../compile.ts';
import { resourceFiles } from './bootstrap.ts';
import type { Typed } from './vocabulary.ts';

type Files = CompiledProxy['files'];

/** The steps in which a running proxy goes from some files to others without a failed request. */
export interface Succession {
  /** To be written at once. */
  readonly first: Files;
  /** Clusters the proxy has to have taken before it is told of them: a request for another is answered 503. */
  readonly awaited: readonly string[];
  /** To be written then. */
  readonly rest: Files;
}

/**
 * How a running proxy's files follow others. Envoy takes each file by itself, and a new cluster only when it has
 * found its hosts and checked them once. So new clusters come before the routes that name them, and clusters that
 * leave stay until the files are followed again.
 * @param previous what the proxy has; undefined for one that has nothing yet
 */
export function succession(previous: Files | undefined, next: Files): Succession {
  if (!previous) return { first: next, awaited: [], rest: {} };
  const known = new Set(clustersOf(previous).map(({ name }) => name));
  const clusters = clustersOf(next);
  const wanted = new Set(clusters.map(({ name }) => name));
  const leaving = clustersOf(previous).filter(({ name }) => !wanted.has(name));
  const naming = Object.entries(next).filter(([file]) => namesClusters(file));
  return {
    first: {
      ...Object.fromEntries(Object.entries(next).filter(([file]) => !namesClusters(file))),
      [resourceFiles.clusters]: { resources: [...clusters, ...leaving] },
    },
    awaited: [...wanted].filter((name) => !known.has(name)).map(String),
    rest: Object.fromEntries(naming),
  };
}

function namesClusters(file: string): boolean {
  return file === resourceFiles.listeners || file.startsWith('routes-');
}

function clustersOf(files: Files): readonly Typed[] {
  const file = files[resourceFiles.clusters] as { readonly resources: readonly Typed[] } | undefined;
  return file?.resources ?? [];
}
