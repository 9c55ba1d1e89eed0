import type { Entity } from '../src/data/entity.ts';
import type { Plan } from '../src/model/plan.ts';
import type { Engines } from '../src/targets/local/engines/acquisition.ts';
import type { Address } from '../src/targets/local/process.ts';
import type { Connections } from '../src/targets/local/run.ts';

/** What every row works with: the running platform, and what is asked of it. */
export interface BenchContext {
  readonly sla: Plan['sla'];
  readonly plan: Plan;
  readonly gateway: Address;
  readonly connections: Connections;
  readonly engines: Engines;
  /** An access token that may refresh cached answers. */
  readonly token: string;
  /** Entities that are in the store. */
  readonly entities: readonly Entity[];
  /** Milliseconds before counting starts, and of counting. */
  readonly warmup: number;
  readonly duration: number;
  /** An empty folder for the references' files. */
  readonly scratch: string;
}
