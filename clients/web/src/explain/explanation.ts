import type { Layer } from '../../../kit/layers.ts';
import type { Span } from '../../../kit/span.ts';
import { parseServerTiming, type Timing } from './server-timing.ts';
import { storedAt } from './stored-at.ts';

/** What a cache on the way says of an answer. */
export interface CacheWord {
  readonly cache: string;
  readonly layer: Layer;
  readonly word: string;
  /** Whether the answer, or a part of it, was this cache's. */
  readonly hit: boolean;
}

/** How an answer came about. */
export interface Explanation {
  /** Milliseconds the browser waited. */
  readonly duration: number;
  /** Milliseconds since the Unix epoch. */
  readonly receivedAt: number;
  readonly caches: readonly CacheWord[];
  readonly timings: readonly Timing[];
  readonly requestId: string | undefined;
  /** When the device kept this answer, if it came from there; milliseconds since the Unix epoch. */
  readonly storedAt: number | undefined;
}

const caches: readonly [header: string, cache: string, layer: Layer][] = [
  ['x-cache', 'Edge', 'access'],
  ['x-gateway-cache', 'Gateway', 'gateway'],
  ['x-entity-cache', 'Entity cache', 'data'],
];

/** Words for what the headers say. CloudFront writes sentences: `Hit from cloudfront`. */
const words: readonly [pattern: RegExp, word: string, hit: boolean][] = [
  [/refreshhit|revalidated/i, 'revalidated', true],
  [/hit/i, 'hit', true],
  [/stale/i, 'stale', true],
  [/coalesced|collapsed/i, 'shared', true],
  [/miss/i, 'miss', false],
  [/refresh/i, 'refreshed', false],
  [/pass|bypass/i, 'passed on', false],
  [/error/i, 'error', false],
];

/** Reads how an answer came about from its headers. */
export function explain(
  header: (name: string) => string | undefined,
  { sentAt, duration }: { readonly sentAt: number; readonly duration: number },
): Explanation {
  const stored = Number(header(storedAt));
  const fromDevice = Number.isFinite(stored) && stored > 0 && stored < sentAt;
  return {
    duration,
    receivedAt: sentAt + duration,
    caches: caches.flatMap(([name, cache, layer]) => {
      const value = header(name);
      if (value === undefined) return [];
      const known = words.find(([pattern]) => pattern.test(value));
      return [{ cache, layer, word: known?.[1] ?? value, hit: known?.[2] ?? false }];
    }),
    timings: parseServerTiming(header('server-timing')),
    requestId: header('x-request-id'),
    storedAt: fromDevice ? stored : undefined,
  };
}

/** What the layers call themselves in Server-Timing, from the outside in. */
const places: readonly [pattern: RegExp, layer: Layer, label: string][] = [
  [/^(edge|cdn)/, 'access', 'Edge'],
  [/^(gateway|authorize|throttle)/, 'gateway', 'Gateway'],
  [/^(mesh|ingress|envoy)/, 'mesh', 'Mesh'],
  [/^catalog$/, 'compute', 'Catalog, by name'],
  [/^(entities|service)/, 'compute', 'Entities service'],
  [/^cache$/, 'data', 'Entity cache'],
  [/^(database|postgres)/, 'data', 'PostgreSQL'],
  [/^(table|dynamo)/, 'data', 'DynamoDB'],
];

/**
 * The bars of a waterfall, from the outside in. Layers wrap each other and say only how long they took, so each bar
 * stands in the middle of the one around it.
 */
export function spansOf({ duration, timings }: Explanation): {
  readonly spans: readonly Span[];
  readonly total: number;
} {
  const inner = timings
    .map(({ name, duration: taken }) => {
      const [, layer, label] = places.find(([pattern]) => pattern.test(name)) ?? [/^/, undefined, name];
      return { layer, label, duration: taken };
    })
    .sort((left, right) => right.duration - left.duration);
  const total = Math.max(duration, ...inner.map((span) => span.duration));
  const spans: Span[] = [{ label: 'Your browser', layer: undefined, start: 0, duration: total }];
  for (const span of inner) {
    const around = spans.at(-1) ?? { start: 0, duration: total };
    spans.push({ ...span, start: around.start + (around.duration - span.duration) / 2 });
  }
  return { spans, total };
}
