import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { loadPlan } from '../../src/commands/project.ts';
import { buildPages } from '../../src/targets/local/pages.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const sources = [
  'strata',
  'blueprint.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'src',
  'services',
  'functions',
  'clients',
  'images',
];

/** What a run of the command line came to. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One line of `strata status --json`. */
export interface ProcessStatus {
  readonly name: string;
  readonly kind: string;
  readonly pid: number;
  readonly state: string;
  readonly uptimeSeconds: number;
  readonly rssBytes: number;
  readonly address: string;
}

/** `strata status --json`. */
export interface Status {
  readonly ready: boolean;
  readonly urls: { readonly edge: string; readonly gateway: string; readonly identity: string };
  readonly processes: readonly ProcessStatus[];
}

/** A copy of the project in a folder of its own, with state of its own; engines and packages are shared. */
export interface Project {
  readonly folder: string;
  readonly portBase: number;
  /** Runs `strata` to its end. */
  strata(...words: string[]): Promise<Outcome>;
  /** Starts `strata` and leaves it running. */
  start(...words: string[]): ChildProcess;
  status(): Promise<Status>;
  process(name: string): Promise<ProcessStatus>;
  token(role: 'reader' | 'editor' | 'admin'): Promise<string>;
  /** Replaces a text in blueprint.ts; fails when it is not there. */
  edit(from: string | RegExp, to: string): Promise<void>;
}

/** Makes a project that is stopped and removed with the test. */
export async function createProject(t: { after(fn: () => Promise<void>): void }): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'strata-system-'));
  chmodSync(folder, 0o755);
  // Once for all copies.
  await buildPages(repository, await loadPlan(repository), () => undefined);
  for (const source of sources) await cp(join(repository, source), join(folder, source), { recursive: true });
  await mkdir(join(folder, '.strata'));
  await mkdir(join(repository, '.strata', 'engines'), { recursive: true });
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  await symlink(join(repository, '.strata', 'engines'), join(folder, '.strata', 'engines'));
  const portBase = await freePortRange(4);

  const start = (...words: string[]) =>
    spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(folder, 'src/main.ts'), ...words],
      {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, NO_COLOR: '1' },
      },
    );
  const strata = async (...words: string[]) => outcomeOf(start(...words));
  const project: Project = {
    folder,
    portBase,
    start,
    strata,
    async status() {
      const { stdout, stderr } = await strata('status', '--json');
      assert.ok(stdout, stderr);
      return JSON.parse(stdout);
    },
    async process(name) {
      const found = (await project.status()).processes.find((entry) => entry.name === name);
      assert.ok(found, `there is a process ${name}`);
      return found;
    },
    async token(role) {
      const { code, stdout, stderr } = await strata('token', '--role', role);
      assert.equal(code, 0, stderr);
      return stdout.trim();
    },
    async edit(from, to) {
      const path = join(folder, 'blueprint.ts');
      const before = await readFile(path, 'utf8');
      const after = before.replace(from, to);
      assert.notEqual(after, before, `blueprint.ts holds ${from}`);
      await writeFile(path, after);
    },
  };
  t.after(async () => {
    await strata('down');
    await strata('reset');
    await rm(folder, { recursive: true, force: true });
  });
  return project;
}

/** Everything a child process printed, and its exit code. */
export async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const [code] = await once(child, 'close');
  return { code: code ?? -1, ...output };
}

/** The first of a run of ports that are all free now, below those that platforms choose for their engines. */
async function freePortRange(length: number): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const base = 10_240 + Math.floor(Math.random() * 6_000);
    const free = await Promise.all(Array.from({ length }, (_, offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('no run of free ports was found');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
