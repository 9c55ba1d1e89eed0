import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cloudFrontPolicy } from '../../src/edge/cache/cloudfront-policy.ts';
import { type CachePolicy, rfcPolicy } from '../../src/edge/cache/policy.ts';
import { differences } from '../../src/edge/policies/differences.ts';

const path = join(import.meta.dirname, '../../docs/edge.md');
const page = readFileSync(path, 'utf8');
const [begin, end] = ['<!-- differences: begin -->\n', '<!-- differences: end -->\n'];

const none = { behavior: 'none', items: [] } as const;
const vendors = cloudFrontPolicy({
  minTtl: 0,
  defaultTtl: 0,
  maxTtl: 60,
  key: { queryStrings: none, headers: [], cookies: none },
  cachesOptions: false,
  errorCachingMinTtl: {},
});

test('every point in which the two policies differ has its line, and no other', () => {
  const text = (value: unknown) => (value instanceof Set ? JSON.stringify([...value]) : String(value));
  const names = Object.keys(rfcPolicy) as (keyof CachePolicy)[];
  const unlike = names.filter((name) => text(rfcPolicy[name]) !== text(vendors[name]));
  const told = differences.map(({ by }) => by).filter((by) => by !== 'edge');
  assert.deepEqual(told.toSorted(), unlike.toSorted());
});

test("each line has the vendor's page, or says that it is a choice of ours", () => {
  for (const { about, page: source, cloudFront } of differences) {
    assert.ok(
      source?.startsWith('https://docs.aws.amazon.com/') ?? /here|in an account/.test(cloudFront),
      about,
    );
  }
});

test('the page has the lines as they are in the code', () => {
  const head = ['about', '`strata edge serve`', "the blueprint's behaviours"];
  const rows = differences.map(({ about, standard, cloudFront, page: source }) => [
    about,
    standard,
    source === undefined ? cloudFront : `${cloudFront} ([source](${source}))`,
  ]);
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const [before] = page.split(begin);
  const whole = `${before}${begin}\n${table}\n\n${page.slice(page.indexOf(end))}`;
  if (process.env.STRATA_GOLDEN === 'write') writeFileSync(path, whole);
  assert.equal(readFileSync(path, 'utf8'), whole);
});
