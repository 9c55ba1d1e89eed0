import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FunctionConfiguration } from '../../../edge/functions/configuration.ts';
import { bundle } from '../bundle.ts';

/** A function at the edge to be built. */
export interface EdgeFunctionSource {
  /** The project's folder, absolute. */
  readonly root: string;
  /** The folder with `handler.ts`, from the project's folder. */
  readonly source: string;
  /** Put in the place of `CONFIGURATION`: the function has no environment. */
  readonly configuration: FunctionConfiguration;
  /** Bytes it may have, compressed. */
  readonly limit: number;
}

/**
 * The text of a function that runs in the CDN, with its configuration in it.
 * @throws Error when it is larger than the CDN takes, or cannot be built
 */
export function bundleEdgeFunction({ root, source, configuration, limit }: EdgeFunctionSource): string {
  const text = bundle(root, join(source, 'handler.ts'), { CONFIGURATION: JSON.stringify(configuration) });
  const size = gzipSync(text).length;
  if (size > limit)
    throw new Error(`${source} has ${size} bytes, and a function at the edge at most ${limit}`);
  return text;
}
