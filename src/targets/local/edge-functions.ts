import { join, resolve } from 'node:path';
import { functionConfiguration } from '../../edge/functions/configuration.ts';
import type { EdgeFunction } from '../../edge/functions/edge-function.ts';
import type { Plan } from '../../model/plan.ts';
import { eventTypes } from '../../model/sections/access/edge-function.ts';
import { sourceDigest } from './source.ts';

/** The functions at the edge that a behaviour names, as they run here: the same program as in an account. */
export function edgeFunctions(root: string, plan: Plan): EdgeFunction[] {
  const configuration = functionConfiguration(plan, { schemes: ['http', 'https'] });
  return Object.entries(plan.access.functions).flatMap(([name, { source, ...settings }]) => {
    const events = eventTypes.filter((event) =>
      plan.access.behaviors.some(({ functions }) => functions[event] === name),
    );
    if (events.length === 0) return [];
    const folder = resolve(root, source);
    const module = join(folder, 'handler.ts');
    return [{ name, module, digest: sourceDigest(folder), events, ...settings, configuration }];
  });
}
