import { randomFillSync, randomUUID } from 'node:crypto';

const pool = Buffer.alloc(6144);
let used = pool.length;

/** A request's id: a random UUID, as the vendor's are. */
export function requestIdentifier(): string {
  return randomUUID();
}

/** The start of a new, sampled trace. Source: https://www.w3.org/TR/trace-context/#traceparent-header */
export function traceContext(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const hex = pool.toString('hex', used, used + 24);
  used += 24;
  return `00-${hex.slice(0, 32)}-${hex.slice(32)}-01`;
}
