import type { LocatedMistake, Mistake } from '../mistake.ts';
import { gatewayRouteMistakes } from './gateway-route-rules.ts';
import type { MeshResources } from './mesh-resources.ts';
import { referenceMistakes } from './reference-rules.ts';
import { routeMistakes } from './route-rules.ts';

export type { MeshResources, VirtualGateway, VirtualRouter } from './mesh-resources.ts';

/**
 * What is wrong between the resources of a mesh: names that nothing has, ports and protocols that do not meet,
 * weights that send requests nowhere. Each specification by itself is taken to be right (`parseSpecification`).
 */
export function checkResources(resources: MeshResources): Mistake[] {
  return locatedResourceMistakes(resources).map(({ mistake }) => mistake);
}

/** The same with the path of each as keys: `['virtualNodes', 'a', 'backends', 0, …]`. */
export function locatedResourceMistakes(resources: MeshResources): LocatedMistake[] {
  return [...referenceMistakes(resources), ...routeMistakes(resources), ...gatewayRouteMistakes(resources)];
}
