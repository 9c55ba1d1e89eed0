import { z } from 'zod';
import { atMostOneOf, rule } from '../mesh/schema.ts';
import { ipPreference, resourceName, serviceName } from '../mesh/terms.ts';
import { count } from '../scalars.ts';
import { name } from '../terms.ts';
import { gatewaySection, ingressSection } from './mesh/gateway.ts';
import { nodeSection } from './mesh/node.ts';
import { routerSection } from './mesh/router.ts';

/** Who answers to a virtual service: one of the two, or nobody. */
const serviceSection = z
  .strictObject({ router: resourceName.optional(), node: resourceName.optional() })
  .superRefine(...rule(atMostOneOf(['router', 'node'])));

/**
 * Section 4: the service mesh. Whatever App Mesh can say, in App Mesh's words, with short forms for the usual case;
 * `expandMesh` spells them out.
 */
export const mesh = z.strictObject({
  name,
  egressFilter: z.enum(['ALLOW_ALL', 'DROP_ALL']).default('ALLOW_ALL'),
  ipPreference: ipPreference.optional(),
  /** Mutual TLS on every hop between proxies, with certificates of the platform's own. */
  mutualTls: z.boolean().default(true),
  /** Below this share of healthy hosts Envoy ignores health; 0 keeps ejection meaningful with few hosts. */
  panicThreshold: count({ max: 100 }).default(0),
  nodes: z.record(name, nodeSection),
  /** Virtual services beside those that routers name themselves. */
  services: z.record(serviceName, serviceSection).default({}),
  routers: z.record(resourceName, routerSection),
  gateway: ingressSection,
  /** Virtual gateways beside the platform's ingress. */
  gateways: z.record(name, gatewaySection).default({}),
});

/** The section as a person writes it. */
export type MeshSectionInput = z.input<typeof mesh>;

/** The section with every default. */
export type MeshSection = z.output<typeof mesh>;
