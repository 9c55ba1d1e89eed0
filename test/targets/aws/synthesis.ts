import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import blueprint from '../../../blueprint.ts';
import { type Plan, plan } from '../../../src/model/plan.ts';
import { type SynthesisOptions, synthesize } from '../../../src/targets/aws/platform.ts';
import { buildPages } from '../../../src/targets/local/pages.ts';
import { sharedAssembly } from './shared-assembly.ts';

export const root = resolve(import.meta.dirname, '../../..');

/** A document as a plan. @throws Error with its mistakes */
export function planOf(document: unknown): Plan {
  const result = plan(document);
  if (result.plan === undefined) throw new Error(JSON.stringify(result.mistakes));
  return result.plan;
}

// The pages are part of what is synthesized.
await buildPages(root, planOf(blueprint), () => undefined);

/** A folder that goes when the process does. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'strata-aws-'));
  process.once('beforeExit', () => rm(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Synthesizes a document into a folder of its own, without the library's own look at the templates: that takes four
 * seconds of each process, and the templates that all tests share had it.
 */
export function synthesized(
  document: unknown = blueprint,
  options: Partial<SynthesisOptions> = {},
): CloudAssembly {
  return withoutLook(() => synthesize(planOf(document), temporaryFolder(), { root, ...options }));
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

let shared: CloudAssembly | undefined;

/** The repository's own blueprint, synthesized once for all test files. */
export function assembly(): CloudAssembly {
  shared ??= sharedAssembly(root, () => synthesize(planOf(blueprint), temporaryFolder(), { root }));
  return shared;
}

/** The template of one layer of the repository's own blueprint. */
export function templateOf(layer: string): Template {
  const stack = assembly().getStackByName(`${blueprint.name}-${layer}`);
  return Template.fromJSON(stack.template);
}
