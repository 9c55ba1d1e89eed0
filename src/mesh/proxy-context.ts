import type { MeshDefinition } from './definition.ts';
import type { ProxyEnvironment, ProxyReference } from './environment.ts';
import type { Lack, SecretRegistry } from './secret-registry.ts';

/** What resolving the parts of one proxy takes. */
export interface Context {
  readonly mesh: MeshDefinition;
  readonly proxy: ProxyReference;
  readonly environment: ProxyEnvironment;
  readonly secrets: SecretRegistry;
  readonly lack: Lack;
}
