import type { Entity } from '../src/data/entity.ts';
import type { Plan } from '../src/model/plan.ts';
import type { Engines } from '../src/targets/local/engines/acquisition.ts';
import type { Address } from '../src/targets/local/process.ts';
import type { Connections } from '../src/targets/local/run.ts';

/** What a row works with that starts what it measures. */
export interface BenchSetting {
  readonly engines: Engines;
  /** Milliseconds before counting starts, and of counting. */
  readonly warmup: number;
  readonly duration: number;
  /** An empty folder for its files. */
  readonly scratch: string;
}

/** What a row works with that measures the running platform. */
export interface BenchContext extends BenchSetting {
  readonly sla: Plan['sla'];
  readonly plan: Plan;
  readonly gateway: Address;
  readonly connections: Connections;
  /** An access token that may refresh cached answers. */
  readonly token: string;
  /** Entities that are in the store. */
  readonly entities: readonly Entity[];
}
