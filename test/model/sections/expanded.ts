import assert from 'node:assert/strict';
import type { MeshPlan } from '../../../src/model/mesh/mesh-plan.ts';
import { mistakesOf } from '../../../src/model/mistake.ts';
import { expandMesh } from '../../../src/model/sections/mesh/expand.ts';
import { mesh } from '../../../src/model/sections/mesh.ts';

/** A listener as most are. */
export const listener = { port: 8080, protocol: 'http' } as const;
/** A retry policy as it is written. */
export const retry = { maxRetries: 1, perRetryTimeout: '1s', httpRetryEvents: ['stream-error'] };

/** A section of one node and the ingress, with some members of its own. */
export function section(more: object, node: object = {}, gateway: object = {}): unknown {
  return {
    name: 'mesh',
    nodes: { a: { hostname: 'a.local', listener, ...node } },
    routers: {},
    gateway: { name: 'ingress', listener, routes: [{ prefix: '/', node: 'a' }], retry, ...gateway },
    ...more,
  };
}

/** What a section without a mistake stands for. */
export function expanded(input: unknown): MeshPlan {
  const parsed = mesh.safeParse(input);
  assert.deepEqual(parsed.error && mistakesOf(parsed.error, input), undefined);
  assert.ok(parsed.data);
  return expandMesh(parsed.data);
}
