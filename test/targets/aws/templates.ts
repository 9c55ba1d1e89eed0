import { Template } from 'aws-cdk-lib/assertions';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import blueprint from '../../../blueprint.ts';
import { buildPages } from '../../../src/targets/local/pages.ts';
import { planOf, root } from './plan.ts';
import { sharedAssembly } from './shared-assembly.ts';

// They are part of what the templates are made of.
await buildPages(root, planOf(blueprint), () => undefined);

// What synthesizes takes half a second to load, and one test file needs it for all of them.
const shared = await sharedAssembly(root, async () => (await import('./synthesis.ts')).looked());

/** The repository's own blueprint, synthesized once for all test files. */
export function assembly(): CloudAssembly {
  return shared;
}

/** The template of one layer of the repository's own blueprint. */
export function templateOf(layer: string): Template {
  const stack = assembly().getStackByName(`${blueprint.name}-${layer}`);
  return Template.fromJSON(stack.template);
}
