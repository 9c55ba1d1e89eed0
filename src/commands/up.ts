import { Command, InvalidArgumentError } from 'commander';
import { StrataError } from '../kernel/errors.ts';
import type { Plan } from '../model/plan.ts';
import { startDetached } from '../targets/local/detached.ts';
import { defaultPortBase } from '../targets/local/ports.ts';
import { ownIdentity, uptimeOf } from '../targets/local/process-table.ts';
import type { Progress } from '../targets/local/progress.ts';
import { startSupervision } from '../targets/local/supervision.ts';
import { createProgressView, type ProgressView } from './progress-view.ts';
import { loadPlan, project } from './project.ts';
import { requestOf } from './reconcile.ts';

interface Options {
  readonly detach?: boolean;
  readonly portBase?: number;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `strata up`: starts the platform, or brings the running one in line with blueprint.ts. */
export function upCommand(): Command {
  return new Command('up')
    .description('start the platform, or bring the running one in line with blueprint.ts')
    .option('-d, --detach', 'leave it running in the background')
    .option('--port-base <n>', `first of the four fixed ports (${defaultPortBase})`, portBase)
    .addHelpText('after', '\nExample:\n  strata up --detach --port-base 9080')
    .action(up);
}

async function up(options: Options): Promise<void> {
  const plan = await loadPlan();
  const view = createProgressView(process.stdout);
  const interruption = new AbortController();
  const interrupt = () => {
    if (interruption.signal.aborted) return;
    view.end();
    process.stdout.write('  stopping\n');
    interruption.abort();
  };
  for (const signal of signals) process.on(signal, interrupt);
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const urls =
        (await applied(plan, options, view.progress)) ??
        (options.detach === true
          ? await detached(plan, options, view.progress, interruption.signal)
          : await foreground(plan, options, view, interruption.signal));
      if (urls === 'stopped') return;
      if (urls) {
        announce(urls);
        return;
      }
    }
    throw new StrataError('supervisor-ended', { reason: 'it went away again and again' });
  } catch (error) {
    // Whoever interrupts a start gets what was asked for: no failure to explain.
    if (!interruption.signal.aborted || !isEarlyStop(error)) throw error;
    process.stdout.write('  stopped\n');
    process.exitCode = interruptedExit;
  } finally {
    view.end();
    for (const signal of signals) process.off(signal, interrupt);
  }
}

/** What a shell reports of a command that SIGINT ended: 128 and the signal's number. */
const interruptedExit = 130;

function isEarlyStop(error: unknown): boolean {
  return error instanceof StrataError && error.code === 'stopped-early';
}

type Urls = Readonly<Record<string, string>>;

function applied(plan: Plan, { portBase }: Options, progress: Progress): Promise<Urls | undefined> {
  const request = { type: 'apply', plan, ...(portBase === undefined ? {} : { portBase }) } as const;
  return requestOf(project, request, progress);
}

function detached(plan: Plan, { portBase }: Options, progress: Progress, signal: AbortSignal) {
  const order = { root: project.root, plan, portBase: portBase ?? defaultPortBase };
  return startDetached(project, order, progress, signal);
}

/** Is the supervisor until it is told to stop. */
async function foreground(
  plan: Plan,
  { portBase = defaultPortBase }: Options,
  view: ProgressView,
  signal: AbortSignal,
): Promise<'stopped' | undefined> {
  const { progress } = view;
  const supervision = await startSupervision({ paths: project, plan, portBase, progress, signal });
  if (!supervision) return undefined;
  view.end();
  announce(supervision.urls);
  let asked = false;
  const stop = () => {
    if (asked) {
      supervision.kill();
      process.exit(1);
    }
    asked = true;
    void supervision.stop();
  };
  if (signal.aborted) stop();
  for (const name of signals) process.on(name, stop);
  await supervision.ended;
  for (const name of signals) process.off(name, stop);
  process.stdout.write('  stopped\n');
  return 'stopped';
}

function announce(urls: Urls): void {
  const lines = Object.entries(urls).map(([name, url]) => `  ${name.padEnd(10)} ${url}\n`);
  // The process is the one the bootstrap script began as: its set-up counts too.
  const seconds = uptimeOf(ownIdentity().startTime).toFixed(1);
  process.stdout.write(`\n${lines.join('')}\nready in ${seconds} s\n`);
}

function portBase(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1024 && port <= 65_532) return port;
  throw new InvalidArgumentError('It is a number from 1024 to 65532.');
}
