import { join } from 'node:path';
import { buildSync } from 'esbuild';

/**
 * What the CDN's runtime knows beyond ECMAScript 5.1; whatever else the source uses, the build rewrites or refuses.
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */
const edgeRuntime = {
  arrow: true,
  'const-and-let': true,
  'template-literal': true,
  'exponent-operator': true,
  'rest-argument': true,
};

/**
 * The text of a function that runs in the CDN, with its configuration in it: it has no environment.
 * @param root the project's folder, absolute
 * @param name the function's folder below `functions/`, whose `handler.ts` exports `handler`
 * @throws Error when the source uses what that runtime lacks
 */
export function bundleEdgeFunction(root: string, name: string, configuration: unknown): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(root, 'functions', name, 'handler.ts')],
    absWorkingDir: root,
    bundle: true,
    logLevel: 'silent',
    write: false,
    platform: 'neutral',
    target: 'es5',
    supported: edgeRuntime,
    format: 'esm',
    define: { CONFIGURATION: JSON.stringify(configuration) },
  });
  // The runtime takes the function by its name and knows no modules.
  return (outputFiles[0]?.text ?? '').replace(/\nexport \{\s*handler\s*\};\s*$/, '\n');
}
