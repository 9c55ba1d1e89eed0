import type { Finding, FoundResource, ResourceKind } from '../found-resource.ts';
import type { Cluster } from './cluster.ts';
import type { GatewayMembership } from './gateway-membership.ts';
import type { KubernetesObject } from './object.ts';
import { referencedName } from './reference.ts';
import { type Conversion, type Converted, placeAt, type Shape } from './shape.ts';

/** An object on its way into App Mesh: what it is among, the mesh it is in, and whom to tell what is found. */
export interface Subject {
  readonly object: KubernetesObject;
  readonly cluster: Cluster;
  readonly mesh: string | undefined;
  /** The gateway of a gateway route. */
  readonly gatewayOf: (route: KubernetesObject) => GatewayMembership;
  readonly tell: (finding: Finding) => void;
}

/** What a resource is besides its specification. */
export interface Identity {
  readonly kind: ResourceKind;
  readonly name: string;
  readonly parent?: string | undefined;
  readonly meshOwner?: string;
}

/** A value of a subject's object in App Mesh's words. */
export function converted(
  shape: Shape,
  value: unknown,
  path: readonly PropertyKey[],
  { object, cluster, tell }: Subject,
): Converted {
  const conversion: Conversion = {
    locate: object.locate,
    tell,
    nameOf: (kind, reference, place) =>
      referencedName({ kind, value: reference, path: place }, object, cluster, tell),
  };
  return shape(value, path, conversion);
}

/** The resource of what was converted; `at` is where it stands in the object. */
export function resource(
  identity: Identity,
  { value, place }: Converted,
  { object, mesh }: Subject,
  at: readonly PropertyKey[] = [],
): FoundResource {
  return {
    ...identity,
    mesh,
    spec: value,
    origin: object.locate(at),
    locate: (path) => object.locate(placeAt(place, path)),
  };
}
