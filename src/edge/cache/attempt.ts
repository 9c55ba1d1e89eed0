import type { Directives } from './directives.ts';
import type { CacheRequest, Fetch } from './message.ts';
import type { RequestTraits } from './request-traits.ts';
import type { StoredObject } from './store.ts';

/** What is known of a request while it is answered. */
export interface Attempt {
  readonly request: CacheRequest;
  readonly fetch: Fetch;
  readonly key: string;
  /** The viewer's, where the policy obeys them. */
  readonly directives: Directives;
  readonly traits: RequestTraits;
  /** The stored response it selects, if it has to be validated. */
  readonly stored: StoredObject | undefined;
}
