import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StrataError } from '../../../kernel/errors.ts';
import {
  assemble,
  containerEngine,
  type Delivery,
  deployedStacks,
  requireAccount,
  runOn,
} from './delivery.ts';
import { requireChangeable } from './stack-state.ts';

/** What a deployed platform shows of itself: addresses, by name. */
export type DeployedOutputs = Readonly<Record<string, string>>;

/**
 * Brings the account to the plan: layer by layer, images built and uploaded on the way.
 * @param prepare whether to prepare the account's regions first: a bucket, a registry and roles, needed once
 * @param make writes the templates
 * @throws StrataError with the next command for everything that usually goes wrong
 */
export async function deploy(
  delivery: Delivery,
  { prepare = false, make = assemble }: { readonly prepare?: boolean; readonly make?: typeof assemble } = {},
): Promise<DeployedOutputs> {
  await requireAccount(delivery);
  const assembly = make(delivery);
  requireChangeable(await deployedStacks(assembly, delivery));
  if (delivery.endpoint === undefined) await requireContainerEngine();
  if (prepare) await runOn(assembly, delivery, ['bootstrap']);
  await runOn(assembly, delivery, [
    'deploy',
    '--all',
    '--require-approval=never',
    '--progress=events',
    '--asset-parallelism=false',
  ]);
  const stacks = await deployedStacks(assembly, delivery);
  return Object.fromEntries(stacks.flatMap(({ outputs }) => Object.entries(outputs).filter(isForPeople)));
}

/** Shows what a deployment would change. @throws StrataError */
export async function diff(delivery: Delivery, make = assemble): Promise<void> {
  await requireAccount(delivery);
  await runOn(make(delivery), delivery, ['diff']);
}

/** What stacks tell each other is named by the library. */
function isForPeople([name]: readonly [string, string]): boolean {
  return !/^(PublishOutput|ExportsOutput|BootstrapVersion)/.test(name);
}

async function requireContainerEngine(): Promise<void> {
  try {
    await promisify(execFile)(containerEngine, ['info'], { timeout: 20_000 });
  } catch (error) {
    throw new StrataError('container-engine-missing', { engine: containerEngine }, { cause: error });
  }
}
