import type { Finding, FoundResource } from '../found-resource.ts';
import type { Values } from '../placeholders/values.ts';
import type { SourceDocument } from '../source.ts';
import { stackResources } from './mesh-resources.ts';
import { stackFindings } from './stack-findings.ts';
import { stacksOf } from './stacks.ts';
import { templateOf } from './template.ts';

/** What templates hold of App Mesh. */
export interface TemplateReading {
  readonly resources: readonly FoundResource[];
  readonly findings: readonly Finding[];
  /** The keys of the given values that were used. */
  readonly used: ReadonlySet<string>;
}

/**
 * Finds the App Mesh resources of CloudFormation templates and works out their properties with the values given and
 * with each other's exports. What only a deployment knows is an error with the parameter to give, where the mesh
 * needs it.
 */
export function templateResources(documents: readonly SourceDocument[], values: Values): TemplateReading {
  const { stacks, used } = stacksOf(documents.map(templateOf), values);
  const readings = stacks.map((stack) => ({ stack, ...stackResources(stack) }));
  return {
    resources: readings.flatMap(({ resources }) => resources),
    findings: readings.flatMap(({ stack, findings }) => stackFindings(stack, findings)),
    used,
  };
}
