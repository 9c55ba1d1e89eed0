import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import blueprint from '../../../blueprint.ts';
import type { NormalizeConfiguration } from '../../../functions/normalize/configuration.ts';
import { functionConfiguration } from '../../../src/edge/functions/configuration.ts';
import type { BlueprintDocument } from '../../../src/model/document.ts';
import { plan } from '../../../src/model/plan.ts';

/** What functions are built with, of a changed blueprint. */
function configured(change: (copy: BlueprintDocument) => void = () => {}): NormalizeConfiguration {
  const copy = structuredClone(blueprint);
  change(copy);
  const result = plan(copy);
  assert.ok(result.plan, JSON.stringify(result.mistakes));
  return functionConfiguration(result.plan, { schemes: ['http'] });
}

describe('what functions at the edge are built with', () => {
  test('has the behaviours of the blueprint in its order', () => {
    assert.deepEqual(
      configured().behaviors.map(({ path, pages }) => [path, pages]),
      blueprint.access.behaviors.map(({ path, origin }) => [path, origin === 'pages']),
    );
  });

  test('has the parameters that are in a behaviour’s key or passed on', () => {
    const [first] = configured((copy) => {
      copy.access.cachePolicies = {
        ...copy.access.cachePolicies,
        keyed: { query: ['size', 'page'], compression: [] },
      };
      copy.access.originRequestPolicies = { passed: { query: ['page', 'trace'] } };
      const [behavior] = copy.access.behaviors;
      if (!behavior) return;
      behavior.cachePolicy = 'keyed';
      behavior.originRequestPolicy = 'passed';
    }).behaviors;
    assert.deepEqual(first?.query, ['page', 'size', 'trace']);
  });

  test('has all parameters where any is passed on, but for some, too', () => {
    const [first] = configured((copy) => {
      copy.access.originRequestPolicies = { passed: { query: { except: ['trace'] } } };
      const [behavior] = copy.access.behaviors;
      if (behavior) behavior.originRequestPolicy = 'passed';
    }).behaviors;
    assert.equal(first?.query, 'all');
  });

  test('turns a session into a token where the gateway asks for one', () => {
    assert.deepEqual(configured().session, { token: ['/api/v1/secure'], cookies: ['/session'] });
    const open = configured((copy) => {
      for (const route of copy.gateway.routes) route.auth = { mode: 'optional' };
    });
    assert.deepEqual(open.session.token, []);
  });

  test('is plain data: it is put into the text of a function', () => {
    const configuration = configured();
    assert.deepEqual(JSON.parse(JSON.stringify(configuration)), configuration);
  });
});
