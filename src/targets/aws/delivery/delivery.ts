import type { CloudAssembly, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { StrataError } from '../../../kernel/errors.ts';
import type { Plan } from '../../../model/plan.ts';
import { holdsDataTag } from '../layer.ts';
import { synthesize } from '../platform.ts';
import { type DeployedStack, openRegion } from './account.ts';
import { stackFailure } from './stack-failure.ts';
import { runToolkit, type ToolkitResult } from './toolkit.ts';
import { toolkitFailure } from './toolkit-failure.ts';

/** A platform on its way into an account, or out of it. */
export interface Delivery {
  readonly plan: Plan;
  /** The project's folder. */
  readonly root: string;
  /** Where the templates are written. */
  readonly folder: string;
  readonly account?: string | undefined;
  /** Address of an emulator, in place of the account. */
  readonly endpoint?: string | undefined;
  /** Told of every line of progress. */
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The program that builds images. */
export const containerEngine = process.env.CDK_DOCKER ?? 'docker';

/** Writes the templates. */
export function assemble(
  { plan, root, folder, account, endpoint }: Delivery,
  deleteData = false,
): CloudAssembly {
  return synthesize(plan, folder, {
    root,
    deleteData,
    emulated: endpoint !== undefined,
    ...(account === undefined ? {} : { account }),
  });
}

/** Whether `strata destroy` leaves a stack. */
export function holdsData(stack: CloudFormationStackArtifact): boolean {
  return holdsDataTag in stack.tags;
}

/** Asks the account for anything, before the work of making templates. @throws StrataError account-…, region-unreachable */
export async function requireAccount({ plan, endpoint }: Delivery): Promise<void> {
  await (await openRegion(plan.region, endpoint)).stacks();
}

/**
 * The assembly's stacks as the account has them; those it does not have are left out.
 * @throws StrataError account-…, region-unreachable
 */
export async function deployedStacks(
  assembly: CloudAssembly,
  { endpoint }: Delivery,
): Promise<DeployedStack[]> {
  const regions = [...new Set(assembly.stacks.map(({ environment }) => environment.region))];
  const found = await Promise.all(
    regions.map(async (region) => (await openRegion(region, endpoint)).stacks()),
  );
  const names = new Set(
    assembly.stacks.map(({ stackName, environment }) => `${environment.region} ${stackName}`),
  );
  return found.flat().filter(({ name, region }) => names.has(`${region} ${name}`));
}

/** Runs the toolkit on the assembly. @throws StrataError that says why it failed, or that it was interrupted */
export async function runOn(
  assembly: CloudAssembly,
  delivery: Delivery,
  words: readonly string[],
): Promise<void> {
  const { endpoint, onLine, signal } = delivery;
  if (signal.aborted) throw new StrataError('deployment-interrupted');
  const options = { assembly: assembly.directory, endpoint, onLine, signal };
  // Emulators know little of change sets.
  const method = words[0] === 'deploy' && endpoint !== undefined ? ['--method=direct'] : [];
  const result = await runToolkit([...words, ...method], options);
  if (signal.aborted) throw new StrataError('deployment-interrupted');
  if (!result.succeeded) throw await failureOf(assembly, delivery, result);
}

/** The stack's own events say it best, then what the toolkit's words usually mean, then its words. */
async function failureOf(
  assembly: CloudAssembly,
  { plan, endpoint }: Delivery,
  { lines }: ToolkitResult,
): Promise<StrataError> {
  const failed = assembly.stacks.find(({ stackName }) =>
    lines.some((line) => line.includes(`${stackName} failed`)),
  );
  const region = failed?.environment.region ?? plan.region;
  const stack = failed?.stackName ?? plan.name;
  const opened = await openRegion(region, endpoint);
  const events = failed ? await opened.events(stack).catch(() => []) : [];
  return (
    stackFailure(stack, events) ??
    toolkitFailure(lines, { region, stack, engine: containerEngine }) ??
    new StrataError('deployment-failed', { stack, reason: lastWords(lines) })
  );
}

/** The toolkit marks what went wrong with a bullet; without one, its last line has to do. */
function lastWords(lines: readonly string[]): string {
  const spoken = lines.map((line) => line.trim()).filter((line) => line !== '');
  const marked = spoken.find((line) => line.startsWith('\u2023'));
  return (marked ?? spoken.at(-1) ?? 'no reason given').replace(/^\u2023 /, '').replace(/\.$/, '');
}
