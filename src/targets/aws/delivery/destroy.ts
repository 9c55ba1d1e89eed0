import { assemble, type Delivery, deployedStacks, holdsData, requireAccount, runOn } from './delivery.ts';
import { requireChangeable } from './stack-state.ts';

/** What was removed, and what stayed because it holds data. */
export interface Destruction {
  readonly removed: readonly string[];
  readonly kept: readonly string[];
}

/**
 * Removes the platform's stacks, the last first. Those that hold data stay as they are, unless they are to go, too:
 * then they are first made such that removing them removes their data.
 * @param make writes the templates, such that their data goes with them or not
 * @throws StrataError account-…, region-unreachable, stack-busy, stack-stuck, removal-failed, removal-interrupted
 */
export async function destroy(
  delivery: Delivery,
  deleteData: boolean,
  make = assemble,
): Promise<Destruction> {
  await requireAccount(delivery, 'removal');
  const assembly = make(delivery, deleteData);
  const deployed = await deployedStacks(assembly, delivery);
  requireChangeable(deployed, 'strata destroy');
  const there = assembly.stacks.filter(({ stackName }) => deployed.some(({ name }) => name === stackName));
  const passing = there.filter((stack) => !holdsData(stack)).map(({ id }) => id);
  const lasting = there.filter(holdsData).map(({ id }) => id);

  const run = (...words: string[]) => runOn(assembly, delivery, words, 'removal');
  const remove = (ids: readonly string[]) => run('destroy', ...ids, '--exclusively', '--force');
  if (passing.length > 0) await remove(passing);
  if (!deleteData || lasting.length === 0) return { removed: passing, kept: lasting };
  await run('deploy', ...lasting, '--exclusively', '--require-approval=never');
  await remove(lasting);
  return { removed: [...passing, ...lasting], kept: [] };
}
