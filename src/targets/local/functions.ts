import { join } from 'node:path';
import type { FunctionDefinition } from '../../gateway/functions/definition.ts';
import type { Plan } from '../../model/plan.ts';
import { sourceDigest } from './source.ts';

/** What the gateway's functions are made of. */
export interface FunctionOptions {
  readonly root: string;
  readonly plan: Plan;
}

/** How the gateway runs each function. Another source makes another definition, so that `up` takes it up. */
export function defineFunctions({ root, plan }: FunctionOptions): Record<string, FunctionDefinition> {
  return Object.fromEntries(
    Object.entries(plan.gateway.functions).map(([name, { source, memory, timeout }]) => {
      const folder = join(root, source);
      const variables = { AWS_LAMBDA_FUNCTION_NAME: name, AWS_REGION: plan.region };
      const file = join(folder, 'handler.ts');
      return [name, { file, digest: sourceDigest(folder), memory, timeout, variables }];
    }),
  );
}
