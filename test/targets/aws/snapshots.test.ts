import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { stringify } from 'yaml';
import blueprint from '../../../blueprint.ts';
import { synthesized } from './synthesis.ts';
import { assembly } from './templates.ts';

const folder = join(import.meta.dirname, 'golden');

/** Each stack's template by layer. */
function templatesOf(made: CloudAssembly): Record<string, unknown> {
  return Object.fromEntries(
    made.stacks.map(({ stackName, template }) => [stackName.slice(blueprint.name.length + 1), template]),
  );
}

/** A template without what only says that a source changed. */
function stable(template: unknown): unknown {
  return JSON.parse(
    JSON.stringify(template)
      .replace(/\b[0-9a-f]{64}\b/g, '<hash>')
      .replace(/\bdeployment[0-9a-f]{12}\b/g, 'deployment<hash>')
      .replace(/(?<=The API of content )[0-9a-f]{12}/g, '<hash>')
      .replace(/(?<=version)[0-9a-f]{12}(FunctionArn[0-9A-F]{8})?/g, '<hash>'),
  );
}

/** Places at which two values differ. */
function differences(one: unknown, other: unknown, at = ''): string[] {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other ? [] : [at];
  }
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].flatMap((name) =>
    differences(Reflect.get(one, name), Reflect.get(other, name), at === '' ? name : `${at}/${name}`),
  );
}

describe('the templates', () => {
  const templates = templatesOf(assembly());

  for (const [layer, template] of Object.entries(templates)) {
    test(`of ${layer} are as they were read last`, async () => {
      const file = join(folder, `${layer}.yaml`);
      const text = stringify(stable(template), { lineWidth: 0, aliasDuplicateObjects: false });
      if (process.env.STRATA_GOLDEN === 'write') await writeFile(file, text);
      assert.equal(await readFile(file, 'utf8'), text);
    });
  }

  test('are all of the layers there are', async () => {
    const files = (await readdir(folder)).map((name) => name.replace(/\.yaml$/, ''));
    assert.deepEqual(files.toSorted(), Object.keys(templates).toSorted());
  });

  test('are the same each time they are made, down to the hash of every bundle and image', () => {
    assert.deepEqual(differences(templates, templatesOf(synthesized())), []);
  });

  test('change where the blueprint does, and nowhere else', () => {
    const copy = structuredClone(blueprint);
    const [data] = copy.gateway.routes;
    const service = copy.compute.services['microservice-b'];
    const alarm = copy.observability.alarms.HighCPUUsage;
    const documents = copy.access.cachePolicies?.documents;
    const [route] = copy.mesh.routers['microservice-b-router']?.routes ?? [];
    assert.ok(data && service && alarm && documents && route?.retry);
    data.throttle.rate = '900/s';
    service.tasks = 2;
    copy.data.relational.backups = '21d';
    copy.data.relational.capacity = { minimum: 1, maximum: 8 };
    alarm.threshold = 90;
    documents.defaultTtl = '90s';
    route.retry.maxRetries = 2;
    const changed = differences(templates, templatesOf(synthesized(copy))).map((place) =>
      place
        .replace('/Resources/', ' ')
        .replace('/Properties/', ' ')
        .replace(/[0-9A-F]{8} /, ' '),
    );
    const throttles = /^gateway stage MethodSettings\/\d+\/Throttling(Rate|Burst)Limit$/;
    assert.ok(changed.some((place) => throttles.test(place)));
    assert.deepEqual(changed.filter((place) => !throttles.test(place)).sort(), [
      // The proxy that calls it, and no other.
      'compute microserviceatask ContainerDefinitions/1/Image/Fn::Sub',
      'compute microservicebserviceTaskCountTarget MaxCapacity',
      'compute microservicebserviceTaskCountTarget MinCapacity',
      'edge documentscache CachePolicyConfig/DefaultTTL',
      'observability HighCPUUsage Threshold',
      'observability HighCPUUsageingress Threshold',
      'observability HighCPUUsagemicroservicea Threshold',
      'observability HighCPUUsagemicroserviceb Threshold',
      'relational cluster BackupRetentionPeriod',
      'relational cluster ServerlessV2ScalingConfiguration/MaxCapacity',
      'relational cluster ServerlessV2ScalingConfiguration/MinCapacity',
    ]);
  });
});
