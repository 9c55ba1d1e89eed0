import { join } from 'node:path';
import type { EdgeConfiguration } from '../../../../src/edge/configuration.ts';
import { openEdge } from '../../../../src/edge/edge.ts';
import type { EdgeFunction } from '../../../../src/edge/functions/edge-function.ts';
import type { Plan } from '../../../../src/model/plan.ts';
import { callPort, type Scope } from '../../../gateway/gateway-under-test.ts';
import type { Settings } from '../settings.ts';

/** A function that answers with what it is told of itself. */
const telling = join(import.meta.dirname, '../../../edge/functions/programs/telling.ts');

interface Told {
  readonly name: string;
  readonly event: string;
  readonly memory: number;
  readonly remaining: number;
}

/** Which function runs where, and what it may take: told by programs in the place of those of the blueprint. */
export async function edgeFunctionSettings(
  scope: Scope,
  { access }: Pick<Plan, 'access'>,
  functions: readonly EdgeFunction[],
): Promise<Settings> {
  const configuration: EdgeConfiguration = {
    port: 0,
    plan: { access },
    folders: {},
    gateway: { host: '127.0.0.1', port: 1 },
    functions: functions.map((definition) => ({ ...definition, module: telling })),
  };
  const edge = await openEdge(configuration);
  scope.after(() => edge.close());
  const settings: Record<string, string | number> = {};
  for (const { path } of access.behaviors) {
    const { body } = await callPort(edge.address.port, path.replace('*', 'x'));
    const told = JSON.parse(String(body)) as Told;
    settings[`access.behaviors.${path}.functions.${told.event}`] = told.name;
    settings[`access.functions.${told.name}.memory`] = told.memory;
    // Some of it has passed by the time it is told.
    settings[`access.functions.${told.name}.timeout`] = Math.ceil(told.remaining / 1000) * 1000;
  }
  return settings;
}
