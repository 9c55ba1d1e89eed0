/** Where something listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Which proxy of the mesh: a virtual node's sidecar, or a virtual gateway. */
export interface ProxyReference {
  readonly kind: 'node' | 'gateway';
  readonly name: string;
}

/** Addresses by the port the definition gives a listener. */
export type AddressesByPort = Readonly<Record<number, Address>>;

/** What a proxy finds where it runs, and the mesh's definition does not say. */
export interface ProxyEnvironment {
  /** Absolute folder its files are in; files are renamed into place there. */
  readonly directory: string;
  readonly admin: Address;
  /** What the proxy calls itself towards Envoy's statistics and logs; its resource's name in the mesh when left out. */
  readonly identity?: string;
  /** Where the proxy listens for the mesh, by the port of the definition's listener. */
  readonly listeners: AddressesByPort;
  /** Where a sidecar's app listens, by the port of the definition's listener. */
  readonly applications?: AddressesByPort;
  /** Where a sidecar's app sends its HTTP calls; without it the app calls nobody. */
  readonly egress?: Egress;
  /** Where a sidecar's app reaches a backend that speaks TCP: by virtual service, then by its port. */
  readonly tcpEgress?: Readonly<Record<string, AddressesByPort>>;
  /** Connections arrive by redirection instead: the addresses above are then not listened on. */
  readonly interception?: Interception;
  /** Where SDS secrets come from; needed when the definition names any. */
  readonly secrets?: SecretSource;
  /** What stands for a certificate of ACM's, by its ARN. */
  readonly certificates?: Readonly<Record<string, CertificateFiles | SecretName>>;
  /**
   * What stands for an AWS Private CA, by its ARN; or for the authorities of a certificate of ACM's, by that
   * certificate's ARN: callers without a client policy check a node's certificate by it. Of several authorities that a
   * policy trusts, the first one's file is read: it holds all of them.
   */
  readonly authorities?: Readonly<Record<string, AuthorityFiles | SecretName>>;
  /**
   * Where each instance of a node listens now, by node: known addresses take the place of service discovery.
   * A node without an entry is found the way the definition says.
   */
  readonly endpoints?: Readonly<Record<string, readonly AddressesByPort[]>>;
  /** How callers check the health of a node's first listener where it states no health check itself, by node. */
  readonly health?: Readonly<Record<string, HealthSettings>>;
}

/** A sidecar's listener for its app's HTTP calls; the Host names the virtual service. */
export interface Egress {
  readonly address: Address;
  /** Whether a host that is no backend may be called where the mesh's egress filter allows it (ALLOW_ALL). */
  readonly open: boolean;
}

/**
 * Ports that connections are redirected to, as App Mesh's init container did: what enters the task, what leaves it.
 * https://docs.aws.amazon.com/app-mesh/latest/userguide/proxy-authorization.html
 */
export interface Interception {
  readonly ingress: Address;
  readonly egress: Address;
}

/** Where a proxy gets the secrets that the definition names. */
export type SecretSource =
  | { readonly kind: 'files'; readonly secrets: Readonly<Record<string, SecretFiles>> }
  /** A unix socket that speaks gRPC SDS, such as a SPIRE agent's. */
  | { readonly kind: 'socket'; readonly path: string };

/** What a secret is read from. */
export type SecretFiles = CertificateFiles | AuthorityFiles;

/** Absolute paths of a certificate's PEM files; read again when a file is renamed into the chain's folder. */
export interface CertificateFiles {
  readonly certificateChain: string;
  readonly privateKey: string;
}

/** Absolute path of a PEM file with the authorities to trust; read again when a file is renamed into its folder. */
export interface AuthorityFiles {
  readonly authorities: string;
}

/** A secret that the secret source knows. */
export interface SecretName {
  readonly secretName: string;
}

/** How a service's health is checked over HTTP. Durations are milliseconds. */
export interface HealthSettings {
  readonly path: string;
  readonly interval: number;
  readonly timeout: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}
