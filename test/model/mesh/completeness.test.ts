import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as sdk from '@aws-sdk/client-app-mesh';
import type { Specifications } from '../../../src/model/mesh/specification.ts';

/** What the vendor's own client says each resource is specified by. */
interface VendorSpecifications {
  readonly mesh: sdk.MeshSpec;
  readonly virtualNode: sdk.VirtualNodeSpec;
  readonly virtualService: sdk.VirtualServiceSpec;
  readonly virtualRouter: sdk.VirtualRouterSpec;
  readonly route: sdk.RouteSpec;
  readonly virtualGateway: sdk.VirtualGatewaySpec;
  readonly gatewayRoute: sdk.GatewayRouteSpec;
}

/** Paths of all members below a path, and the values of enumerations: 'mesh.egressFilter.type=ALLOW_ALL'. */
type Below<Path extends string, Type> = Type extends readonly (infer Item)[]
  ? Below<Path, Item>
  : Type extends string
    ? string extends Type
      ? never
      : `${Path}=${Type}`
    : Type extends object
      ? { [Key in keyof Type]-?: Member<`${Path}.${Key & string}`, NonNullable<Type[Key]>> }[keyof Type]
      : never;

/** A member that may never be there is none, and neither is what the client does not know. */
type Member<Path extends string, Type> = [Type] extends [never]
  ? never
  : Path extends `${string}.$unknown`
    ? never
    : Path | Below<Path, Type>;

type All<Specs> = { [Kind in keyof Specs & string]: Member<Kind, Specs[Kind]> }[keyof Specs & string];

/** The client leaves these texts open; the API reference lists four values. */
type Open = `${string}.httpRetryEvents=${string}`;

type Ours = Exclude<All<Specifications>, Open>;
type Theirs = Exclude<All<VendorSpecifications>, Open>;

// The compiler is the test: an object literal must have a property for each member that only one side has.
const missing: Record<Exclude<Theirs, Ours>, never> = {};
const invented: Record<Exclude<Ours, Theirs>, never> = {};

test('the model has every field and value of the final App Mesh API and no other', () => {
  assert.deepEqual({ missing, invented }, { missing: {}, invented: {} });
});
