import type { Field } from './fields/field.ts';
import { gatewayFields, gatewayRouteFields } from './fields/gateway-fields.ts';
import { meshFields, serviceFields } from './fields/mesh-fields.ts';
import { nodeFields } from './fields/node-fields.ts';
import { routeFields } from './fields/route-fields.ts';

export type { Field } from './fields/field.ts';

/** Every field of the App Mesh API, each once, with what it becomes on plain Envoy. */
export const fields: readonly Field[] = [
  ...meshFields,
  ...nodeFields,
  ...serviceFields,
  ...routeFields,
  ...gatewayFields,
  ...gatewayRouteFields,
];
