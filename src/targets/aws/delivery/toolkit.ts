import { spawn } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** How the CDK's toolkit is run. */
export interface ToolkitOptions {
  /** The folder of a cloud assembly. */
  readonly assembly?: string;
  /** Address of an emulator, in place of every service of the account. */
  readonly endpoint?: string | undefined;
  /** Told of every line it writes. */
  readonly onLine: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** How a run ended. */
export interface ToolkitResult {
  readonly succeeded: boolean;
  /** What it wrote, both streams, in order. */
  readonly lines: readonly string[];
}

/**
 * Runs the CDK's command line, which uploads, builds, deploys and takes on the deployment roles: as a process of its
 * own, so that nothing of it is loaded by other commands.
 */
export async function runToolkit(
  words: readonly string[],
  { assembly, endpoint, onLine, signal }: ToolkitOptions,
): Promise<ToolkitResult> {
  const lines: string[] = [];
  const common = ['--no-color', '--no-notices', '--ci', '--no-version-reporting'];
  const app = assembly === undefined ? [] : ['--app', assembly];
  const child = spawn(process.execPath, [toolkitProgram(), ...words, ...app, ...common], {
    env: {
      ...process.env,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      ...compileCache(),
      ...(endpoint === undefined ? {} : { AWS_ENDPOINT_URL: endpoint }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  signal?.addEventListener('abort', () => child.kill('SIGINT'), { once: true });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      onLine(line);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { succeeded: code === 0, lines };
}

/** The toolkit is one file of many megabytes: it starts from the cache that this process compiles into. */
function compileCache(): Record<string, string> {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}

function toolkitProgram(): string {
  return fileURLToPath(import.meta.resolve('aws-cdk/bin/cdk'));
}
