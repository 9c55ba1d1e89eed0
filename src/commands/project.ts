import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StrataError } from '../kernel/errors.ts';
import { refusals } from '../mesh/refusals.ts';
import type { Mistake } from '../model/mistake.ts';
import { type Plan, plan } from '../model/plan.ts';
import { type StatePaths, statePaths } from '../targets/local/paths.ts';

/** The project this command line belongs to. */
export const project: StatePaths = statePaths(resolve(import.meta.dirname, '../..'));

/** A blueprint with mistakes; all of them. */
export class BlueprintInvalid extends StrataError {
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    super('blueprint-invalid', {
      count: mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`,
    });
    this.mistakes = mistakes;
  }
}

/**
 * Loads blueprint.ts as it is now and resolves it.
 * @throws StrataError blueprint-unreadable; BlueprintInvalid with every mistake
 */
export async function loadPlan(root: string = project.root): Promise<Plan> {
  const result = plan(await loadBlueprint(resolve(root, 'blueprint.ts')));
  if (result.plan === undefined) throw new BlueprintInvalid(result.mistakes);
  const refused = refusals(result.plan.mesh.resources).map(({ mistake }) => mistake);
  if (refused.length > 0) throw new BlueprintInvalid(refused);
  return result.plan;
}

async function loadBlueprint(file: string): Promise<unknown> {
  let module: { default?: unknown };
  try {
    module = await import(pathToFileURL(file).href);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StrataError('blueprint-unreadable', { reason: reason.split('\n')[0] ?? '' }, { cause: error });
  }
  if (module.default === undefined) {
    throw new StrataError('blueprint-unreadable', { reason: 'it has no default export' });
  }
  return module.default;
}
