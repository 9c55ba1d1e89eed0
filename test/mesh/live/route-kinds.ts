import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { called, meshOf, type RouteSpec, to } from './definition.ts';

/** What a route can ask of a request, with requests that it takes and others that it leaves. */
export interface RouteKind<Match, Question> {
  readonly title: string;
  readonly match: Match;
  readonly matching: readonly Question[];
  readonly others: readonly Question[];
}

const serviceOf = (index: number) => `kind-${index}.local`;

/** A mesh with a service for each kind: a route of that kind to `matched`, and after it `rest` to `other`. */
export function meshOfKinds<Match>(
  protocol: 'http' | 'grpc',
  kinds: readonly RouteKind<Match, unknown>[],
  rest: Match,
) {
  const route = (match: Match, node: string, priority: number): RouteSpec => ({
    priority,
    [`${protocol}Route`]: { match, action: to({ [node]: 1 }) },
  });
  return meshOf({
    nodes: { matched: called(protocol), other: called(protocol) },
    services: Object.fromEntries(
      kinds.map(({ match }, index) => [
        serviceOf(index),
        { rest: route(rest, 'other', 2), meant: route(match, 'matched', 1) },
      ]),
    ),
  });
}

/**
 * Asks every question of every kind. Without its condition a route would get the other requests as well: each case is
 * its own counterproof.
 * @param ask gives the name of the application that answered
 */
export async function expectKinds<Question>(
  t: TestContext,
  kinds: readonly RouteKind<unknown, Question>[],
  ask: (service: string, question: Question) => Promise<string | undefined>,
): Promise<void> {
  for (const [index, { title, matching, others }] of kinds.entries()) {
    await t.test(title, async () => {
      const answers = await Promise.all(
        [...matching, ...others].map(async (question) => ({
          question,
          by: await ask(serviceOf(index), question),
        })),
      );
      assert.deepEqual(answers, [
        ...matching.map((question) => ({ question, by: 'matched' })),
        ...others.map((question) => ({ question, by: 'other' })),
      ]);
    });
  }
}
