import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { stringify } from 'yaml';
import blueprint from '../../../blueprint.ts';
import { assembly, synthesized } from './synthesis.ts';

const folder = join(import.meta.dirname, 'golden');

/** Each stack's template by layer, with what only says that a source changed taken out of it. */
function templatesOf(made: CloudAssembly): Record<string, unknown> {
  return Object.fromEntries(
    made.stacks.map(({ stackName, template }) => [
      stackName.slice(blueprint.name.length + 1),
      JSON.parse(
        JSON.stringify(template)
          .replace(/\b[0-9a-f]{64}\b/g, '<hash>')
          .replace(/\bdeployment[0-9a-f]{12}\b/g, 'deployment<hash>')
          .replace(/(?<=version)[0-9a-f]{12}(FunctionArn[0-9A-F]{8})?/g, '<hash>')
          .replace(/(?<=The API of content )[0-9a-f]{12}/g, '<hash>'),
      ),
    ]),
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
      const text = stringify(template, { lineWidth: 0, aliasDuplicateObjects: false });
      if (process.env.STRATA_GOLDEN === 'write') await writeFile(file, text);
      assert.equal(await readFile(file, 'utf8'), text);
    });
  }

  test('are all of the layers there are', async () => {
    const files = (await readdir(folder)).map((name) => name.replace(/\.yaml$/, ''));
    assert.deepEqual(files.toSorted(), Object.keys(templates).toSorted());
  });

  test('are the same each time they are made', () => {
    assert.deepEqual(differences(templates, templatesOf(synthesized())), []);
  });

  test('change where the blueprint does, and nowhere else', () => {
    const copy = structuredClone(blueprint);
    const [data] = copy.gateway.routes;
    assert.ok(data);
    data.throttle.rate = '900/s';
    const changed = differences(templates, templatesOf(synthesized(copy)));
    assert.ok(changed.length > 0);
    for (const place of changed) {
      assert.match(
        place,
        /^gateway\/Resources\/stage\/Properties\/MethodSettings\/\d+\/Throttling(Rate|Burst)Limit$/,
      );
    }
  });
});
