/** One request of a load: the bytes to send and what a right answer looks like. */
export interface LoadRequest {
  /** The request as it goes over the wire (HTTP/1.1, keep-alive). */
  readonly wire: string;
  readonly status: number;
  /** A text the body has to contain. */
  readonly contains: string;
  /** Key of the cache entry that answers it, for a load that evicts. */
  readonly cacheKey?: string;
}

/** What the load process is asked to do; plain data over IPC. */
export interface LoadOrder {
  readonly host: string;
  readonly port: number;
  /** Sent in turn, from the first. */
  readonly requests: readonly LoadRequest[];
  readonly connections: number;
  /** Requests a second, open loop; undefined saturates all connections (closed loop) to find the highest rate. */
  readonly rate?: number;
  /** Evicts the entry of one request in `every` shortly before it is sent, so that a known share of reads misses. */
  readonly eviction?: { readonly url: string; readonly every: number };
  /** Answers that hold this text in their head are counted apart, such as 'x-entity-cache: hit'. */
  readonly tally?: string;
  /** Milliseconds that are sent but not counted. */
  readonly warmup: number;
  /** Milliseconds that are counted. */
  readonly duration: number;
}

/** What came of it. Latencies are milliseconds from the intended send to the last byte of the answer. */
export interface LoadResult {
  readonly offered: number;
  readonly answered: number;
  /** Answers that were not as expected, by reason. */
  readonly wrong: Readonly<Record<string, number>>;
  /** Answers that held the text to tally. */
  readonly tallied: number;
  /** Right answers a second. */
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Share of offered requests that got a right answer. */
  readonly availability: number;
}
