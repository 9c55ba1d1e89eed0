import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AwsSolutionsChecks } from 'cdk-nag';
import blueprint from '../../../blueprint.ts';
import type { BlueprintDocument } from '../../../src/model/document.ts';
import { synthesized } from './synthesis.ts';

const rules = {
  rules: (app: ConstructorParameters<typeof AwsSolutionsChecks>[0]) => new AwsSolutionsChecks(app),
};

function changed(change: (copy: BlueprintDocument) => void): BlueprintDocument {
  const copy = structuredClone(blueprint);
  change(copy);
  return copy;
}

describe("the templates keep to the vendor's rules for solutions, or say why not where they do not", () => {
  test('as the blueprint is', () => {
    assert.doesNotThrow(() => synthesized(blueprint, rules));
  });

  test('with what the blueprint may say beside', () => {
    const document = changed((copy) => {
      copy.access.domain = {
        name: 'app.example.com',
        certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/1',
      };
      copy.gateway.cacheRefresh = { allow: 'anyone', unauthorized: 'FAIL_WITH_403' };
      copy.observability.emails = ['operations@example.com'];
      copy.observability.audit = { lock: 'COMPLIANCE', retention: '30d' };
    });
    assert.doesNotThrow(() => synthesized(document, rules));
  });

  test('in the region where the CDN has its web ACL, in an account that is known', () => {
    const document = { ...blueprint, region: 'us-east-1' };
    assert.doesNotThrow(() => synthesized(document, { ...rules, account: '111111111111' }));
  });
});

describe('the templates can be made', () => {
  test('so that data goes when its stacks do', () => {
    assert.doesNotThrow(() => synthesized(blueprint, { deleteData: true }));
  });
});
