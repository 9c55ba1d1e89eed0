import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import blueprint from '../../../blueprint.ts';
import type { BlueprintDocument } from '../../../src/model/document.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { createKeysStack, type Keys } from '../../../src/targets/aws/keys.ts';
import type { Deployment } from '../../../src/targets/aws/layer.ts';
import { createLogsStack, type Logs } from '../../../src/targets/aws/logs.ts';
import { planOf, root, temporaryFolder } from './plan.ts';
import { withoutLook } from './synthesis.ts';

/** What every layer stands on. */
export interface Ground {
  readonly deployment: Deployment;
  readonly plan: Plan;
  readonly keys: Keys;
  readonly logs: Logs;
}

/**
 * The template of one layer of a changed blueprint, made without the others: what it stands on is made, what it needs
 * of its peers is given by the test.
 */
export function templateAlone(
  layer: string,
  change: (copy: BlueprintDocument) => void,
  create: (ground: Ground) => void,
): Template {
  const copy = structuredClone(blueprint);
  change(copy);
  const plan = planOf(copy);
  const app = new App({
    outdir: temporaryFolder(),
    analyticsReporting: false,
    treeMetadata: false,
    stackTraces: false,
    context: featureFlags,
  });
  const deployment = { app, root, account: undefined, deleteData: false, emulated: false };
  const keys = createKeysStack(deployment, plan);
  const logs = createLogsStack(deployment, plan, { keys });
  // A stack of nothing cannot be made.
  logs.group('/alone');
  create({ deployment, plan, keys, logs });
  return withoutLook(() => Template.fromStack(app.node.findChild(`${plan.name}-${layer}`) as Stack));
}
