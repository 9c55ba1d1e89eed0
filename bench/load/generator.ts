import { type Connection, type Exchange, openConnection } from './connection.ts';
import { createHistogram, percentile, record } from './histogram.ts';
import type { LoadOrder, LoadResult } from './protocol.ts';

/** How far ahead of its request an entry is evicted, in requests. */
const evictionLead = 100;

/**
 * Runs a load and says what came of it. With a rate the loop is open: the n-th request is due n/rate seconds
 * after the start whatever the answers do, and its latency counts from then, so a stall of the server is seen
 * by every request that fell into it (coordinated omission, Gil Tene). Without one, every connection is kept busy.
 */
export async function runLoad(
  order: LoadOrder,
  evict: (key: string) => void = () => {},
): Promise<LoadResult> {
  const histogram = createHistogram();
  const wrong: Record<string, number> = {};
  const idle: Connection[] = [];
  const connections: Connection[] = [];
  const started = performance.now();
  const counted = started + order.warmup;
  const ends = counted + order.duration;
  const due: number[] = [];
  let dueHead = 0;
  let offered = 0;
  let answered = 0;
  let right = 0;
  let tallied = 0;
  let next = 0;
  let underWay = 0;

  const nextRequest = () => {
    const request = requestAt(next);
    next += 1;
    if (order.eviction && next % order.eviction.every === 0) {
      const { cacheKey } = requestAt(next + evictionLead);
      if (cacheKey !== undefined) evict(cacheKey);
    }
    return request;
  };
  const requestAt = (index: number) => {
    const request = order.requests[index % order.requests.length];
    if (!request) throw new Error('a load needs at least one request');
    return request;
  };
  const start = (connection: Connection, intended: number) => {
    underWay += 1;
    connection.send(nextRequest(), intended);
  };
  const settled = (connection: Connection, { intended, reason, tallied: counts }: Exchange) => {
    const now = performance.now();
    underWay -= 1;
    if (intended >= counted && intended < ends) {
      answered += 1;
      if (counts) tallied += 1;
      record(histogram, (now - intended) * 1000);
      if (reason === undefined) right += 1;
      else wrong[reason] = (wrong[reason] ?? 0) + 1;
    }
    if (reason === 'connection closed') return;
    take(connection);
  };
  const take = (connection: Connection) => {
    if (order.rate === undefined) {
      const now = performance.now();
      if (now >= ends) return;
      if (now >= counted) offered += 1;
      start(connection, now);
    } else if (dueHead < due.length) {
      start(connection, due[dueHead] ?? 0);
      dueHead += 1;
    } else {
      idle.push(connection);
    }
  };
  for (let index = 0; index < order.connections; index += 1) {
    connections.push(openConnection(order, take, settled));
  }

  let scheduled = 0;
  const schedule = () => {
    if (order.rate === undefined) return;
    const until = Math.min(performance.now(), ends);
    for (;;) {
      const intended = started + (scheduled * 1000) / order.rate;
      if (intended >= until) break;
      scheduled += 1;
      if (intended >= counted) offered += 1;
      const connection = idle.pop();
      if (connection) start(connection, intended);
      else due.push(intended);
    }
    if (dueHead > 10_000) {
      due.splice(0, dueHead);
      dueHead = 0;
    }
  };

  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      schedule();
      const now = performance.now();
      const drained = underWay === 0 && dueHead === due.length;
      if (now >= ends && (drained || now >= ends + 10_000)) {
        clearInterval(timer);
        resolve();
      }
    }, 1);
  });
  for (const connection of connections) connection.close();

  const lost = offered - answered;
  if (lost > 0) wrong['no answer'] = lost;
  return {
    offered,
    answered,
    wrong,
    tallied,
    rate: (right * 1000) / order.duration,
    p50: percentile(histogram, 0.5) / 1000,
    p99: percentile(histogram, 0.99) / 1000,
    max: histogram.max / 1000,
    availability: offered === 0 ? 0 : right / offered,
  };
}
