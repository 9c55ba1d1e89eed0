import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractConfiguration from 'dependency-cruiser/config-utl/extract-depcruise-config';

const root = fileURLToPath(new URL('..', import.meta.url));
const rooms = ['src', 'services', 'functions', 'clients', 'blueprint.ts'];

test('imports keep to the rules of the rooms', async () => {
  const { options, ...ruleSet } = await extractConfiguration(join(root, '.dependency-cruiser.mjs'));
  const result = await cruise(rooms, { ...options, ruleSet, validate: true, baseDir: root });
  const { summary, modules } = result.output as ICruiseResult;
  const violations = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
  assert.deepEqual(violations, []);
  assert.ok(modules.length > 50, 'the rooms were read');
});

test('no file is longer than 500 lines', async () => {
  const long: string[] = [];
  for (const room of ['src', 'services', 'functions', 'clients', 'bench', 'test']) {
    for (const entry of await readdir(join(root, room), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(ts|tsx|css)$/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      const lines = (await readFile(path, 'utf8')).split('\n').length;
      if (lines > 500) long.push(`${relative(root, path)}: ${lines}`);
    }
  }
  assert.deepEqual(long, []);
});

test('no name says nothing', async () => {
  const names: string[] = [];
  for (const room of ['src', 'services', 'functions', 'clients', 'bench']) {
    for (const entry of await readdir(join(root, room), { recursive: true, withFileTypes: true })) {
      if (/^(utils?|helpers?|common|shared|misc|managers?)(\.|$)/i.test(entry.name))
        names.push(join(entry.parentPath, entry.name));
    }
  }
  assert.deepEqual(names, []);
});
