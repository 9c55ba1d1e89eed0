import { InvalidArgumentError, Option } from 'commander';
import type { Plan } from '../model/plan.ts';
import type { Delivery } from '../targets/aws/delivery/delivery.ts';
import { buildPages } from '../targets/local/pages.ts';
import { assemblyFolder, inAssemblyFolder } from './assembly-folder.ts';
import { BlueprintInvalid, loadPlan, project } from './project.ts';

/** What every command that speaks to an account takes. */
export interface DeliveryWords {
  readonly account?: string;
  readonly endpointUrl?: string;
}

/** `--account`: for whom the templates are. */
export const accountOption = new Option(
  '--account <id>',
  'the account they are for; by default that of the credentials',
).argParser(accountNumber);

/** `--endpoint-url`: an emulator in place of the account. */
export const endpointOption = new Option(
  '--endpoint-url <url>',
  "an emulator's address, in place of every service of the account",
).argParser(endpointUrl);

/** Loads the plan and runs a delivery; what it tells goes to standard output, and an interruption reaches it. */
export async function deliver<Value>(
  { account, endpointUrl }: DeliveryWords,
  work: (delivery: Delivery) => Promise<Value>,
): Promise<Value> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  try {
    const plan = await loadDeployablePlan();
    return await inAssemblyFolder(() =>
      work({
        plan,
        root: project.root,
        folder: assemblyFolder,
        account,
        endpoint: endpointUrl,
        onLine: (line) => void process.stdout.write(`${line}\n`),
        signal: interruption.signal,
      }),
    );
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
  }
}

/**
 * Loads blueprint.ts for an account, and builds the pages it takes there. @throws StrataError blueprint-unreadable; BlueprintInvalid with every mistake,
 * or everything an account does not take
 */
export async function loadDeployablePlan(): Promise<Plan> {
  const plan = await loadPlan();
  const { deploymentMistakes } = await import('../targets/aws/deployability.ts');
  const mistakes = deploymentMistakes(plan);
  if (mistakes.length > 0) throw new BlueprintInvalid(mistakes);
  await buildPages(project.root, plan, () => undefined);
  return plan;
}

function accountNumber(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError('It is a number of twelve digits.');
}

function endpointUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new InvalidArgumentError("It is an address such as 'http://127.0.0.1:5000'.");
}
