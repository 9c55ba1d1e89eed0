import type { Plan } from './plan.ts';

type Data = Plan['data'];

/** What the tasks of one service are told of the plan. */
export interface ServiceSettings {
  readonly data: Partial<Pick<Data, 'table' | 'maxAttributes'>> & {
    readonly relational?: Pick<Data['relational'], 'connections'>;
    readonly cache?: Omit<Data['cache'], 'memory'>;
  };
  /** Whether answers carry the headers that explain them. */
  readonly explain: boolean;
}

/**
 * What a service reads of the stores it uses, and nothing else: a task is replaced when what it is told changes, and
 * what a store itself is made of (its size, its backups) concerns no task.
 * @throws Error when the plan has no such service
 */
export function serviceSettings({ data, access, compute }: Plan, service: string): ServiceSettings {
  const stores = compute.services[service]?.stores;
  if (!stores) throw new Error(`the plan has no service ${service}`);
  const { relational, table, cache, maxAttributes } = data;
  const { memory: _, ...read } = cache;
  return {
    data: {
      ...(stores.includes('relational')
        ? { relational: { connections: relational.connections }, maxAttributes }
        : {}),
      ...(stores.includes('cache') ? { cache: read } : {}),
      ...(stores.includes('table') ? { table } : {}),
    },
    explain: access.explain,
  };
}
