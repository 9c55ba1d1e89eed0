import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import blueprint from '../../blueprint.ts';
import type { BlueprintDocument } from '../../src/model/document.ts';
import { plan } from '../../src/model/plan.ts';
import { serviceSettings } from '../../src/model/service-settings.ts';

function told(service: string, change: (copy: BlueprintDocument) => void = () => {}) {
  const copy = structuredClone(blueprint);
  change(copy);
  const { plan: resolved, mistakes } = plan(copy);
  assert.ok(resolved, JSON.stringify(mistakes));
  return serviceSettings(resolved, service);
}

describe('what a service is told of the plan', () => {
  test('is of the stores it uses', () => {
    assert.deepEqual(Object.keys(told('microservice-a').data), ['relational', 'maxAttributes', 'cache']);
    assert.deepEqual(Object.keys(told('microservice-b').data), ['table']);
  });

  test('does not change, and so replaces no task, when a store itself does', () => {
    const stores = (copy: BlueprintDocument) => {
      copy.data.relational.capacity = { minimum: 2, maximum: 32 };
      copy.data.relational.backups = '30d';
      copy.data.cache.memory = '512MB';
    };
    for (const service of ['microservice-a', 'microservice-b']) {
      assert.deepEqual(told(service, stores), told(service), service);
    }
  });

  test('changes for those who read it, and for nobody else', () => {
    const lifetime = (copy: BlueprintDocument) => {
      copy.data.cache.hot.ttl = '6m';
    };
    assert.equal(told('microservice-a', lifetime).data.cache?.hot.ttl, 360_000);
    assert.deepEqual(told('microservice-b', lifetime), told('microservice-b'));
  });

  test('is nothing for a service there is not', () => {
    assert.throws(() => told('microservice-c'), /no service microservice-c/);
  });
});
