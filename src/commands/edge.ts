import { Command, InvalidArgumentError, Option } from 'commander';
import { wrongPattern } from '../edge/cache/invalidation.ts';
import { serveEdge } from '../edge/serve.ts';
import { StrataError } from '../kernel/errors.ts';
import { endpointOption } from './delivery-options.ts';
import { UsageError } from './failure.ts';
import { loadPlan, project } from './project.ts';
import { requestOf } from './reconcile.ts';

interface ServeOptions {
  readonly origin: URL;
  readonly port: number;
  readonly compress: boolean;
  readonly store?: string;
}

interface InvalidateOptions {
  readonly target: 'local' | 'aws';
  readonly endpointUrl?: string;
}

/** `strata edge`: the edge by itself, and what the running one keeps. */
export function edgeCommand(): Command {
  const edge = new Command('edge').description('the edge by itself, and what the running one keeps');
  edge
    .command('serve')
    .description('caches what comes from an origin, as RFC 9111 has it, until Ctrl-C')
    .requiredOption('--origin <url>', 'where answers come from, such as http://127.0.0.1:3000', originOf)
    .requiredOption('--port <number>', 'listens here, on 127.0.0.1', portOf)
    .option('--compress', 'compresses what the origin does not', false)
    .option('--store <folder>', 'keeps what it caches here over a restart; in memory without')
    .action(serve);
  edge
    .command('invalidate')
    .description('removes what paths name from the cache of the running edge, or of the one in your account')
    .argument('<path...>', "a path such as /index.html, or one with a * at its end such as '/assets/*'")
    .addOption(
      new Option('--target <target>', 'whose cache').choices(['local', 'aws'] as const).default('local'),
    )
    .addOption(endpointOption)
    .addHelpText('after', "\nExample:\n  strata edge invalidate /index.html '/assets/*'")
    .action(invalidate);
  return edge;
}

async function serve({ origin, port, compress, store }: ServeOptions): Promise<void> {
  const running = await serveEdge({
    origin,
    port,
    compress,
    ...(store !== undefined && { folder: store }),
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new StrataError(
      'port-taken',
      { component: 'edge', port, owner: 'another process', alternative: port + 1000 },
      { cause: error },
    );
  });
  process.stdout.write(`edge: http://127.0.0.1:${running.port} in front of ${origin.origin}\n`);
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  process.once('SIGINT', () => stop()).once('SIGTERM', () => stop());
  await stopped;
  await running.close();
}

async function invalidate(
  paths: readonly string[],
  { target, endpointUrl }: InvalidateOptions,
): Promise<void> {
  const wrong = wrongPattern(paths);
  if (wrong !== undefined) throw new UsageError(wrong);
  if (target === 'aws') {
    const { invalidateDeployed } = await import('../targets/aws/delivery/invalidation.ts');
    const { distribution, id } = await invalidateDeployed(await loadPlan(), paths, endpointUrl);
    process.stdout.write(`  asked ${distribution} to remove them, as ${id}; it takes a minute or two\n`);
    return;
  }
  const answer = await requestOf(project, { type: 'invalidate', paths }, () => {});
  if (!answer) throw new StrataError('not-running');
  const { removed } = answer;
  const hint = removed === '0' ? ": a path counts as the edge's functions leave it, '/' as /index.html" : '';
  process.stdout.write(`  removed ${removed} from the edge's cache${hint}\n`);
}

function originOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new InvalidArgumentError('It has to be an http or https URL.');
  }
  return url;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('It has to be 0 to 65535.');
  return port;
}
