import type { ResourceKind } from '../../model/mesh/specification.ts';

export type { ResourceKind } from '../../model/mesh/specification.ts';

/** A place in a document that somebody gave. */
export interface Origin {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** The path inside the document: `Resources.VirtualNodeA.Properties.Spec`; empty for the whole of it. */
  readonly path: string;
}

/** Says where the value at a path stands; the nearest value above it when there is none. */
export type Locate = (path: readonly PropertyKey[]) => Origin;

/** One App Mesh resource as a document holds it: brought into the API's own words, not yet validated. */
export interface FoundResource {
  readonly kind: ResourceKind;
  /** The mesh's name; undefined when the document does not say it. A mesh's own name is `name`. */
  readonly mesh: string | undefined;
  readonly name: string;
  /** The router of a route, the gateway of a gateway route; undefined when the document does not say it. */
  readonly parent?: string | undefined;
  /** The API's camelCase shape. */
  readonly spec: unknown;
  readonly origin: Origin;
  /** Where a path inside `spec` stands. */
  readonly locate: Locate;
  /** Replaces what was created before under the same name. */
  readonly update?: boolean;
  /** The account that owns the mesh, when the document names one. */
  readonly meshOwner?: string | undefined;
}

/** Something to tell about a document. An error stands in the way of a result; a warning is a difference; a note is good to know. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'note';
  /** Stable, in kebab-case. */
  readonly code: string;
  /** A sentence without a full stop. */
  readonly message: string;
  readonly origin: Origin;
  /** What to do next. */
  readonly remedy?: string;
}
