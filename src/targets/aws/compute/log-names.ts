import type { Plan } from '../../../model/plan.ts';
import { meshTopology } from '../mesh-topology.ts';

/** The log group of the mesh's ingress. */
export function ingressLog(plan: Plan): string {
  return `/ecs/${meshTopology(plan).gateway.name}`;
}

/** The name of what migrates the database. */
export function migrationName({ name }: Pick<Plan, 'name'>): string {
  return `${name}-migration`;
}

/** The log group of what migrates the database. */
export function migrationLog(plan: Pick<Plan, 'name'>): string {
  return `/ecs/${migrationName(plan)}`;
}
