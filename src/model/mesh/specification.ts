import type { z } from 'zod';
import { type LocatedMistake, locatedMistakesOf, pathText, withReference } from '../mistake.ts';
import { apiPageAt } from './api-page-at.ts';
import { type GatewayRouteSpec, gatewayRouteSpec } from './gateway-route.ts';
import { type MeshSpec, meshSpec } from './mesh.ts';
import type { MeshResources } from './mesh-resources.ts';
import { type RouteSpec, routeSpec } from './route.ts';
import { type VirtualGatewaySpec, virtualGatewaySpec } from './virtual-gateway.ts';
import { type VirtualNodeSpec, virtualNodeSpec } from './virtual-node.ts';
import { type VirtualRouterSpec, virtualRouterSpec } from './virtual-router.ts';
import { type VirtualServiceSpec, virtualServiceSpec } from './virtual-service.ts';

/** What each kind of resource is specified by. */
export interface Specifications {
  readonly mesh: MeshSpec;
  readonly virtualNode: VirtualNodeSpec;
  readonly virtualService: VirtualServiceSpec;
  readonly virtualRouter: VirtualRouterSpec;
  readonly route: RouteSpec;
  readonly virtualGateway: VirtualGatewaySpec;
  readonly gatewayRoute: GatewayRouteSpec;
}

/** The kinds of resources a mesh is made of. */
export type ResourceKind = keyof Specifications;

/** The schema of each kind of resource. */
export const specificationSchemas: { readonly [Kind in ResourceKind]: z.ZodType<Specifications[Kind]> } = {
  mesh: meshSpec,
  virtualNode: virtualNodeSpec,
  virtualService: virtualServiceSpec,
  virtualRouter: virtualRouterSpec,
  route: routeSpec,
  virtualGateway: virtualGatewaySpec,
  gatewayRoute: gatewayRouteSpec,
};

/** A specification, or everything that is wrong with it. */
export type SpecificationResult<Kind extends ResourceKind> =
  | { readonly spec: Specifications[Kind]; readonly mistakes: readonly [] }
  | { readonly spec?: undefined; readonly mistakes: readonly LocatedMistake[] };

/**
 * Reads a specification in the API's own words. Never throws on bad input; all mistakes are listed, each with the
 * page of the API reference that describes the structure it is in.
 */
export function parseSpecification<Kind extends ResourceKind>(
  kind: Kind,
  document: unknown,
): SpecificationResult<Kind> {
  const schema = specificationSchemas[kind];
  const parsed = schema.safeParse(document);
  if (parsed.success) return { spec: parsed.data, mistakes: [] };
  return {
    mistakes: locatedMistakesOf(parsed.error, document).map(({ at, mistake }) => ({
      at,
      mistake: withReference(mistake, apiPageAt(schema, at)),
    })),
  };
}

/** What is wrong with each specification of a mesh by itself, with paths as `locatedResourceMistakes` has them. */
export function specificationMistakes(resources: MeshResources): LocatedMistake[] {
  const each = <Kind extends ResourceKind>(kind: Kind, at: readonly PropertyKey[], spec: unknown) =>
    parseSpecification(kind, spec).mistakes.map((found) => {
      const path = [...at, ...found.at];
      return { at: path, mistake: { ...found.mistake, path: pathText(path) } };
    });
  const all = <Value>(
    record: Readonly<Record<string, Value>>,
    judge: (name: string, value: Value) => LocatedMistake[],
  ) => Object.entries(record).flatMap(([name, value]) => judge(name, value));
  const { spec, virtualNodes, virtualServices, virtualRouters, virtualGateways } = resources;
  return [
    ...each('mesh', ['spec'], spec),
    ...all(virtualNodes, (name, node) => each('virtualNode', ['virtualNodes', name], node)),
    ...all(virtualServices, (name, service) => each('virtualService', ['virtualServices', name], service)),
    ...all(virtualRouters, (name, router) => [
      ...each('virtualRouter', ['virtualRouters', name, 'spec'], router.spec),
      ...all(router.routes, (route, own) => each('route', ['virtualRouters', name, 'routes', route], own)),
    ]),
    ...all(virtualGateways, (name, gateway) => [
      ...each('virtualGateway', ['virtualGateways', name, 'spec'], gateway.spec),
      ...all(gateway.gatewayRoutes, (route, own) =>
        each('gatewayRoute', ['virtualGateways', name, 'gatewayRoutes', route], own),
      ),
    ]),
  ];
}
