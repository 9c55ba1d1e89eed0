/** Where something listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What a process is in the platform. */
export type ProcessKind = 'engine' | 'proxy' | 'task' | 'gateway' | 'edge' | 'identity';

/** How one process is started, known to be ready, and stopped. Plain data but for the probe. */
export interface ProcessDefinition {
  /** Unique; what `strata status` and `strata logs` call it. */
  readonly name: string;
  readonly kind: ProcessKind;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  /** The user it runs as, when it must not be the current one (PostgreSQL refuses root). */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly address?: Address;
  /** Settles when the process answers a real query; rejects when it does not yet. Must end within a second or so. */
  readonly probe: () => Promise<void>;
  /** Settles when a process that was ready still answers at all; the probe when left out. It is restarted when not. */
  readonly liveness?: () => Promise<void>;
  readonly stop: { readonly signal: 'SIGTERM' | 'SIGINT'; readonly timeout: number };
  /** Started with an IPC channel; receives `{ type: 'configure', configuration }` first and at each change. */
  readonly configuration?: unknown;
}
