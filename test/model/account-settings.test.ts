import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import blueprint from '../../blueprint.ts';
import type { BlueprintDocument } from '../../src/model/document.ts';
import { plan } from '../../src/model/plan.ts';

/** Paths of the mistakes in a changed blueprint, each with what is allowed there. */
function mistakesIn(change: (copy: BlueprintDocument) => void): Record<string, string> {
  const copy = structuredClone(blueprint);
  change(copy);
  return Object.fromEntries(plan(copy).mistakes.map(({ path, allowed }) => [path, allowed]));
}

describe('what only an account needs', () => {
  test('has a default where it can, so that the blueprint need not say it', () => {
    const { plan: planned } = plan(blueprint);
    assert.ok(planned);
    const { access, gateway, observability } = planned;
    assert.equal(access.domain, undefined);
    assert.deepEqual(access.rateLimit, { requests: 10_000, window: 300_000 });
    assert.deepEqual(access.mobile, { redirectUris: ['com.example.app://signed-in'] });
    assert.equal(gateway.stage, 'prod');
    assert.deepEqual(observability.audit, { retention: 365 * 86_400_000, lock: 'GOVERNANCE' });
    assert.deepEqual([observability.emails, observability.budget], [[], { monthly: 1000 }]);
  });

  test('is a certificate from the one region where a CDN takes it', () => {
    const mistakes = mistakesIn((copy) => {
      copy.access.domain = {
        name: 'app.example.com',
        certificateArn: 'arn:aws:acm:us-west-2:111111111111:certificate/1',
      };
    });
    assert.deepEqual(Object.keys(mistakes), ['access.domain.certificateArn']);
  });

  test('is a rate over a window that a web ACL counts', () => {
    const mistakes = mistakesIn((copy) => {
      copy.access.rateLimit = { requests: 9, window: '7s' };
    });
    assert.equal(mistakes['access.rateLimit.requests'], 'at least 10');
    assert.match(mistakes['access.rateLimit.window'] ?? '', /'60s'.*'600s'/);
  });

  test('is an address that a sign-in can lead back to', () => {
    const mistakes = mistakesIn((copy) => {
      copy.access.mobile = { redirectUris: ['signed-in'] };
    });
    assert.deepEqual(Object.keys(mistakes), ['access.mobile.redirectUris[0]']);
  });

  test('is a stage, a retention, a budget and an e-mail address of a form the vendor takes', () => {
    const mistakes = mistakesIn((copy) => {
      copy.gateway.stage = 'a stage';
      copy.observability.audit = { retention: '1h' };
      copy.observability.budget = { monthly: 0 };
      copy.observability.emails = ['nobody'];
    });
    assert.deepEqual(Object.keys(mistakes).toSorted(), [
      'gateway.stage',
      'observability.audit.retention',
      'observability.budget.monthly',
      'observability.emails[0]',
    ]);
  });
});
