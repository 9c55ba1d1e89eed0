import type { HealthSettings } from './mesh.ts';

/** Where something listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Which proxy of the mesh: a node's sidecar, or the virtual gateway. */
export type ProxyReference = { readonly kind: 'node'; readonly name: string } | { readonly kind: 'gateway' };

/** What a proxy finds where it runs, and the mesh's definition does not say. */
export interface ProxyEnvironment {
  /** Absolute folder its files are in; files are renamed into place there. */
  readonly directory: string;
  readonly admin: Address;
  /** Where requests come in: a sidecar's mutual TLS listener, the gateway's plain HTTP listener. */
  readonly ingress: Address;
  /** A sidecar's app. */
  readonly application?: Address;
  /** Where a sidecar's app sends its calls. */
  readonly egress?: Address;
  /** Absolute paths of PEM files; all in one folder, replaced by renaming. */
  readonly certificates: { readonly chain: string; readonly key: string; readonly authority: string };
  readonly trustDomain: string;
  /** Health settings by node. */
  readonly health: Readonly<Record<string, HealthSettings>>;
  /** Where the sidecars of each node listen now; a node without an entry has none. */
  readonly endpoints?: Readonly<Record<string, readonly Address[]>>;
}
