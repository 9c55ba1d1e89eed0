import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import blueprint from '../../../blueprint.ts';
import type { BlueprintDocument } from '../../../src/model/document.ts';
import { deploymentMistakes } from '../../../src/targets/aws/deployability.ts';
import { planOf } from './plan.ts';

function mistakesOf(change: (copy: BlueprintDocument) => void): string[] {
  const copy = structuredClone(blueprint);
  change(copy);
  return deploymentMistakes(planOf(copy)).map(({ path, found, allowed }) => `${path} ${found}: ${allowed}`);
}

describe('what an account does not take', () => {
  test("is nothing in the repository's own blueprint", () => {
    assert.deepEqual(
      mistakesOf(() => {}),
      [],
    );
  });

  test('is a region that there is not, or that nobody here knows how to trust', () => {
    const of = (region: string) => mistakesOf((copy) => Object.assign(copy, { region }));
    assert.match(of('us-wset-2')[0] ?? '', /^region 'us-wset-2': one of the vendor's regions/);
    assert.deepEqual(of('eu-central-1'), []);
    for (const region of ['cn-north-1', 'us-gov-west-1']) {
      assert.match(of(region)[0] ?? '', /: a region that one account has together with us-east-1/);
    }
  });

  test('is a platform by a name of the vendor, whose sign-in pages would have it', () => {
    const [mistake] = mistakesOf((copy) => Object.assign(copy, { name: 'my-aws-platform' }));
    assert.match(mistake ?? '', /^name 'my-aws-platform': a name without 'aws', 'amazon' or 'cognito'/);
  });

  test('is a name without a domain', () => {
    const mistakes = mistakesOf((copy) => {
      Object.assign(copy.mesh.nodes['microservice-a'] ?? {}, { hostname: 'microservice-a' });
    });
    assert.match(
      mistakes[0] ?? '',
      /^mesh\.nodes\["microservice-a"\]\.hostname 'microservice-a': a name in a domain/,
    );
  });

  test("is a port that a task's own containers need", () => {
    const mistakes = mistakesOf((copy) => {
      const service = copy.compute.services['microservice-b'];
      const node = copy.mesh.nodes['microservice-b'];
      const router = copy.mesh.routers['microservice-b-router'];
      assert.ok(service && node && router);
      service.port = 15_001;
      Object.assign(node, { listener: { port: 15_001, protocol: 'http' } });
      Object.assign(router, { listener: { port: 15_001, protocol: 'http' } });
    });
    assert.match(mistakes[0] ?? '', /^mesh\.nodes\["microservice-b"\]\.listener\.port 15001: another port/);
  });

  test('is a gateway beside the ingress', () => {
    const mistakes = mistakesOf((copy) => {
      copy.mesh.gateways = {
        partners: {
          listener: { port: 9000, protocol: 'http' },
          routes: [{ prefix: '/', node: 'microservice-a' }],
        },
      };
    });
    assert.match(mistakes[0] ?? '', /^mesh\.gateways\.partners/);
  });
});
