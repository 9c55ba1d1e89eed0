import type { LoadResult } from '../load/protocol.ts';

/** How the engine is reached and which table the load works on. */
export interface TableTarget {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly table: string;
}

/** What the table's load process is asked to do. */
export interface TableOrder extends TableTarget {
  /** The same operation again and again, each with another body. */
  readonly operation: 'BatchGetItem' | 'TransactWriteItems';
  /** Number of the first call; no two orders write the same. */
  readonly first: number;
  /** Calls a second, open loop; undefined keeps `concurrency` calls under way. */
  readonly rate?: number;
  readonly concurrency: number;
  readonly warmup: number;
  readonly duration: number;
}

/** What came of it, with the capacity the engine says was consumed by the counted calls. */
export interface TableResult extends LoadResult {
  readonly units: number;
}
