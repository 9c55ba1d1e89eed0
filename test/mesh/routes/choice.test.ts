import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { requests, routeSets } from './arbitraries.ts';
import { egress, service } from './models.ts';
import { answering, startRouter } from './router.ts';
import { chosenRoute } from './rules.ts';

test("for random routes and requests Envoy's choice is the one that App Mesh's rules make", async (t) => {
  const cases = fc.sample(
    fc.tuple(routeSets, fc.array(requests(['any']), { minLength: 25, maxLength: 25 })),
    150,
  );
  const hostOf = (index: number) => `${index}.test`;
  const services = cases.map(([routes], index) => service(routes, { name: hostOf(index) }));
  const router = await startRouter(t, { egress: answering(egress(services)) });
  let taken = 0;
  await Promise.all(
    cases.flatMap(([routes, sent], index) =>
      sent.map(async (request) => {
        const { method, headers, query } = request;
        const path = query === '' ? request.path : `${request.path}?${query}`;
        const { route } = await router.send({ method, headers, path, host: hostOf(index) });
        const expected = chosenRoute(routes, request);
        if (expected !== undefined) taken += 1;
        assert.equal(route, expected, `${JSON.stringify(request)} among ${JSON.stringify(routes)}`);
      }),
    ),
  );
  assert.ok(taken > 1000, `only ${taken} requests had a route`);
});
