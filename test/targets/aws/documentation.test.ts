import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Template } from 'aws-cdk-lib/assertions';
import { holdsDataTag } from '../../../src/targets/aws/layer.ts';
import { idleCosts } from './costs.ts';
import { root } from './plan.ts';
import { assembly } from './templates.ts';

const path = join(root, 'docs/from-laptop-to-account.md');
const page = readFileSync(path, 'utf8');

/** Names between backquotes in the sentence that begins so. */
function namesAfter(beginning: string): string[] {
  const from = page.indexOf(beginning);
  assert.ok(from >= 0, beginning);
  const sentence = page.slice(from + beginning.length).split('. ', 1)[0] ?? '';
  return [...sentence.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name);
}

describe('the page on the way to an account', () => {
  test('names the stacks that stay', () => {
    const staying = assembly()
      .stacks.filter(({ tags }) => tags[holdsDataTag] === 'true')
      .map(({ stackName }) => stackName.replace('cloud-native-', ''));
    assert.deepEqual(namesAfter(`\`${holdsDataTag}\`; they are `).toSorted(), staying.toSorted());
  });

  test('says what an idle month costs, counted from the templates', () => {
    const costs = idleCosts();
    const total = costs.reduce((sum, { monthly }) => sum + monthly, 0);
    const table = [
      '| what | how much of it | a month | drives it |',
      '|---|---|---|---|',
      ...costs.map(
        ({ what, count, monthly, driver }) => `| ${what} | ${count} | $${Math.round(monthly)} | ${driver} |`,
      ),
      `| together | | $${Math.round(total)} | |`,
    ].join('\n');
    const places = /(?<=<!-- costs -->\n).*(?=<!-- \/costs -->)/s;
    if (process.env.STRATA_GOLDEN === 'write')
      writeFileSync(
        path,
        page.replace(places, () => `${table}\n`),
      );
    assert.equal(places.exec(readFileSync(path, 'utf8'))?.[0], `${table}\n`);
  });

  test('names what a deployment shows', () => {
    const outputs = assembly().stacks.flatMap(({ template }) =>
      Object.keys(Template.fromJSON(template).findOutputs('*')),
    );
    const shown = outputs.filter((name) => !/^(PublishOutput|ExportsOutput|BootstrapVersion)/.test(name));
    for (const name of shown) assert.ok(page.includes(`\`${name}\``), name);
    assert.ok(shown.includes('Site') && shown.includes('Api'));
  });
});
