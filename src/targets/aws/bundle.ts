import { join } from 'node:path';
import { buildSync } from 'esbuild';

/**
 * The text of one module with everything it imports, as the vendor's Node.js 24 runs it.
 * @param entry of the module, from the project's folder on
 * @param define names and the JSON texts that stand in their place
 * @throws Error when it cannot be built
 */
export function bundle(root: string, entry: string, define: Readonly<Record<string, string>> = {}): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(root, entry)],
    absWorkingDir: root,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    legalComments: 'none',
    logLevel: 'silent',
    define: { ...define },
  });
  return outputFiles[0]?.text ?? '';
}
