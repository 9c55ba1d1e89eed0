import type { CloudAssembly, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { StrataError } from '../../../kernel/errors.ts';
import type { Plan } from '../../../model/plan.ts';
import { holdsDataTag } from '../layer.ts';
import { synthesize } from '../platform.ts';
import { type DeployedStack, openRegion } from './account.ts';
import { emulate } from './emulation.ts';
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

/** What a step is one of. */
type Purpose = 'deployment' | 'removal';

/** The program that builds images. */
export const containerEngine = process.env.CDK_DOCKER ?? 'docker';

/** Writes the templates; for an emulator, what it models of them. */
export function assemble(
  { plan, root, folder, account, endpoint, onLine }: Delivery,
  deleteData = false,
): CloudAssembly {
  const whole = synthesize(plan, folder, {
    root,
    // An emulator does not know how to protect data, nor most changes of what protects it.
    deleteData: deleteData || endpoint !== undefined,
    emulated: endpoint !== undefined,
    ...(account === undefined ? {} : { account }),
  });
  if (endpoint === undefined) return whole;
  const { assembly, leftOut } = emulate(whole);
  for (const [type, count] of leftOut) onLine(`left out, the emulator does not model it: ${count} ${type}`);
  return assembly;
}

/** Whether `strata destroy` leaves a stack. */
export function holdsData(stack: CloudFormationStackArtifact): boolean {
  return holdsDataTag in stack.tags;
}

/**
 * Asks the account for anything, before the work of making templates.
 * @throws StrataError account-…, region-unreachable, or that it was interrupted
 */
export async function requireAccount(
  { plan, endpoint, signal }: Delivery,
  purpose: Purpose = 'deployment',
): Promise<void> {
  try {
    await (await openRegion(plan.region, endpoint, signal)).stacks();
  } catch (error) {
    throw signal.aborted ? new StrataError(`${purpose}-interrupted`) : error;
  }
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

/**
 * Runs the toolkit on the assembly.
 * @param purpose what it is a step of
 * @throws StrataError that says why it failed, or that it was interrupted
 */
export async function runOn(
  assembly: CloudAssembly,
  delivery: Delivery,
  words: readonly string[],
  purpose: Purpose = 'deployment',
): Promise<void> {
  const { endpoint, onLine, signal } = delivery;
  if (signal.aborted) throw new StrataError(`${purpose}-interrupted`);
  const options = { assembly: assembly.directory, endpoint, onLine, signal };
  // Emulators know little of change sets.
  const method = words[0] === 'deploy' && endpoint !== undefined ? ['--method=direct'] : [];
  const result = await runToolkit([...words, ...method], options);
  if (signal.aborted) throw new StrataError(`${purpose}-interrupted`);
  if (!result.succeeded) throw await failureOf(assembly, delivery, { ...result, code: `${purpose}-failed` });
}

/** The stack's own events say it best, then what the toolkit's words usually mean, then its words. */
async function failureOf(
  assembly: CloudAssembly,
  { plan, endpoint }: Delivery,
  { lines, code }: ToolkitResult & { readonly code: 'deployment-failed' | 'removal-failed' },
): Promise<StrataError> {
  const failed = assembly.stacks.find(({ stackName }) =>
    lines.some(
      (line) => line.includes(`${stackName} failed`) || line.includes(`${stackName}: destroy failed`),
    ),
  );
  const region = failed?.environment.region ?? plan.region;
  const stack = failed?.stackName ?? plan.name;
  const opened = await openRegion(region, endpoint);
  const events = failed ? await opened.events(stack).catch(() => []) : [];
  return (
    stackFailure(stack, events, code) ??
    toolkitFailure(lines, { region, stack, engine: containerEngine }) ??
    new StrataError(code, { stack, reason: lastWords(lines) })
  );
}

/** An asset's failure says why; other failures the toolkit marks with a bullet; without one, its last line has to do. */
function lastWords(lines: readonly string[]): string {
  const spoken = lines.map((line) => line.trim()).filter((line) => line !== '');
  const asset = spoken.map((line) => /: fail: (.+)/.exec(line)?.[1]).find((reason) => reason !== undefined);
  const marked = spoken.find((line) => /^\u2023 .*[^:]$/.test(line));
  return (asset ?? marked ?? spoken.at(-1) ?? 'no reason given').replace(/^\u2023 /, '').replace(/\.$/, '');
}
