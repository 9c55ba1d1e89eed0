import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { StrataError } from '../../../src/kernel/errors.ts';
import { createPortAllocator } from '../../../src/targets/local/ports.ts';
import type { ProcessDefinition } from '../../../src/targets/local/process.ts';
import { startTimeOf } from '../../../src/targets/local/process-table.ts';
import type { ProcessState } from '../../../src/targets/local/supervisor/child.ts';
import { probePolicy } from '../../../src/targets/local/supervisor/probes.ts';
import { createSupervisor } from '../../../src/targets/local/supervisor/supervisor.ts';
import { eventually } from '../../eventually.ts';

const freePort = createPortAllocator();

async function ask(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}`, { signal: AbortSignal.timeout(500) });
  return response.text();
}

async function definitionOf(
  program: string,
  more: Partial<ProcessDefinition> = {},
): Promise<ProcessDefinition & { address: { host: string; port: number } }> {
  const port = await freePort();
  return {
    name: program,
    kind: 'task',
    command: process.execPath,
    arguments: [join(import.meta.dirname, 'programs', `${program}.ts`)],
    directory: import.meta.dirname,
    probe: async () => void (await ask(port)),
    stop: { signal: 'SIGTERM', timeout: 5000 },
    ...more,
    environment: { PORT: String(port), ...more.environment },
    address: { host: '127.0.0.1', port },
  };
}

async function supervisorFor(t: TestContext) {
  const logs = await mkdtemp(join(tmpdir(), 'strata-supervisor-'));
  const states: string[] = [];
  const supervisor = createSupervisor(
    {
      logs,
      environment: { PATH: process.env.PATH ?? '' },
      log: () => undefined,
      probes: { ...probePolicy, interval: 50, failedInterval: 50, timeout: 200, hungAfter: 500 },
    },
    (name: string, state: ProcessState) => states.push(`${name} ${state}`),
  );
  t.after(async () => {
    await supervisor.stopAll(() => 0);
    await rm(logs, { recursive: true });
  });
  const pidOf = (name: string) => supervisor.records().find((record) => record.name === name)?.pid ?? 0;
  return { supervisor, logs, states, pidOf };
}

describe('a supervised process', () => {
  test('is ready when it answers, and its output is in its log', async (t) => {
    const { supervisor, logs, pidOf } = await supervisorFor(t);
    const definition = await definitionOf('answering');
    await supervisor.start(definition);
    assert.equal(await ask(definition.address.port), String(pidOf('answering')));
    assert.equal(supervisor.state('answering'), 'healthy');
    assert.match(await readFile(join(logs, 'answering.log'), 'utf8'), /listens as/);
  });

  test('comes back on its port when it is killed', async (t) => {
    const { supervisor, states, pidOf } = await supervisorFor(t);
    const definition = await definitionOf('answering');
    await supervisor.start(definition);
    const before = pidOf('answering');
    process.kill(before, 'SIGKILL');
    await eventually(async () => assert.notEqual(await ask(definition.address.port), String(before)));
    await eventually(() => assert.equal(supervisor.state('answering'), 'healthy'));
    assert.ok(states.includes('answering restarting'));
  });

  test('is replaced when it hangs', async (t) => {
    const { supervisor, states, pidOf } = await supervisorFor(t);
    const definition = await definitionOf('answering');
    await supervisor.start(definition);
    const before = pidOf('answering');
    process.kill(before, 'SIGSTOP');
    await eventually(async () => assert.notEqual(await ask(definition.address.port), String(before)));
    assert.ok(states.includes('answering unhealthy'));
    assert.equal(startTimeOf(before), undefined);
  });

  test('that cannot start is given up with the last line it wrote', async (t) => {
    const { supervisor } = await supervisorFor(t);
    const definition = await definitionOf('answering', {
      arguments: ['--eval', 'console.error("no such table"); process.exit(3)'],
      probe: () => Promise.reject(new Error('not yet')),
    });
    await assert.rejects(supervisor.start(definition), (error) => {
      assert.ok(error instanceof StrataError);
      assert.equal(error.code, 'component-not-ready');
      assert.match(error.message, /exited with code 3: no such table/);
      return true;
    });
    assert.deepEqual(supervisor.records(), []);
  });

  test('that dies of an error nobody caught is given up with the error, not with the banner after it', async (t) => {
    const { supervisor } = await supervisorFor(t);
    const definition = await definitionOf('answering', {
      arguments: ['--eval', 'throw new TypeError("no such table")'],
      probe: () => Promise.reject(new Error('not yet')),
    });
    await assert.rejects(supervisor.start(definition), /exited with code 1: TypeError: no such table/);
  });

  test('whose program does not exist is given up too', async (t) => {
    const { supervisor } = await supervisorFor(t);
    const definition = await definitionOf('answering', { command: '/nonexistent/program' });
    await assert.rejects(supervisor.start(definition), /ENOENT/);
  });

  test('that ignores the signal to stop is killed after its stop timeout', async (t) => {
    const { supervisor, pidOf } = await supervisorFor(t);
    const definition = await definitionOf('answering', {
      environment: { STUBBORN: '1' },
      stop: { signal: 'SIGTERM', timeout: 100 },
    });
    await supervisor.start(definition);
    const pid = pidOf('answering');
    await supervisor.stop('answering');
    assert.equal(startTimeOf(pid), undefined);
  });

  test('can be stopped while it waits to be started again', async (t) => {
    const { supervisor, pidOf } = await supervisorFor(t);
    await supervisor.start(await definitionOf('answering'));
    process.kill(pidOf('answering'), 'SIGKILL');
    await eventually(() => assert.equal(supervisor.state('answering'), 'restarting'), { interval: 1 });
    await supervisor.stop('answering');
    assert.deepEqual(supervisor.records(), []);
  });
});

describe('a process with a configuration', () => {
  test('takes a new one without a restart, and keeps it over one', async (t) => {
    const { supervisor, pidOf } = await supervisorFor(t);
    const definition = await definitionOf('configured', { configuration: { greeting: 'one' } });
    await supervisor.start(definition);
    const before = pidOf('configured');
    await supervisor.configure('configured', { greeting: 'two' });
    assert.equal(await ask(definition.address.port), 'two');
    assert.equal(pidOf('configured'), before);
    process.kill(before, 'SIGKILL');
    await eventually(() => assert.notEqual(pidOf('configured'), before));
    await eventually(async () => assert.equal(await ask(definition.address.port), 'two'));
  });

  test('answers what it is asked, each question by itself', async (t) => {
    const { supervisor } = await supervisorFor(t);
    await supervisor.start(await definitionOf('configured', { configuration: { greeting: 'hello' } }));
    const answers = ['one', 'two'].map((question) => supervisor.ask('configured', question));
    assert.deepEqual(await Promise.all(answers), ['hello one', 'hello two']);
    await assert.rejects(supervisor.ask('configured', 'refused'), /it is refused/);
    await assert.rejects(supervisor.ask('other', 'one'), { code: 'not-running' });
  });

  test('says itself why it cannot start, and is not tried again', async (t) => {
    const { supervisor } = await supervisorFor(t);
    const definition = await definitionOf('configured', { configuration: { greeting: 'refused' } });
    await assert.rejects(supervisor.start(definition), (error) => {
      assert.ok(error instanceof StrataError);
      assert.equal(error.code, 'port-taken');
      assert.match(error.message, /^greeter: port 1/);
      return true;
    });
  });
});

test('all processes stop in groups, the highest first', async (t) => {
  const { supervisor, states } = await supervisorFor(t);
  const names = ['engine', 'task-1', 'task-2', 'edge'];
  await Promise.all(
    names.map(async (name) => supervisor.start({ ...(await definitionOf('answering')), name })),
  );
  const order: Record<string, number> = { engine: 0, 'task-1': 1, 'task-2': 1, edge: 2 };
  states.length = 0;
  await supervisor.stopAll((name) => order[name] ?? 0);
  const stopped = [...new Set(states.filter((state) => state.endsWith(' stopped')))];
  assert.deepEqual([stopped[0], stopped[3]], ['edge stopped', 'engine stopped']);
  assert.equal(stopped.length, 4);
});
