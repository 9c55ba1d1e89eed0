import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import blueprint from '../../../blueprint.ts';
import { type SynthesisOptions, synthesize } from '../../../src/targets/aws/platform.ts';
import { buildPages } from '../../../src/targets/local/pages.ts';
import { planOf, root, temporaryFolder } from './plan.ts';

// The pages are part of what is synthesized.
await buildPages(root, planOf(blueprint), () => undefined);

/**
 * Synthesizes a document into a folder of its own, without the library's own look at the templates: that takes four
 * seconds of each process, and the templates that all tests share had it.
 */
export function synthesized(
  document: unknown = blueprint,
  options: Partial<SynthesisOptions> = {},
): CloudAssembly {
  return withoutLook(() => looked(document, options));
}

/** The same with that look. */
export function looked(
  document: unknown = blueprint,
  options: Partial<SynthesisOptions> = {},
): CloudAssembly {
  return synthesize(planOf(document), temporaryFolder(), { root, ...options });
}

/** Has the library not validate what it synthesizes. */
export function withoutLook<Value>(work: () => Value): Value {
  const { CDK_VALIDATION: before } = process.env;
  process.env.CDK_VALIDATION = 'false';
  try {
    return work();
  } finally {
    if (before === undefined) delete process.env.CDK_VALIDATION;
    else process.env.CDK_VALIDATION = before;
  }
}
