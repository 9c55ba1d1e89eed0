import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { eventually } from '../../eventually.ts';
import { bodyOf, program, record, startFunctions } from './runtime-fixture.ts';

describe('a function at the edge', () => {
  test('sends a request on as it came', async (scope) => {
    const { run } = startFunctions(scope, [program('scripted')]);
    assert.deepEqual(await run('/pass?a=1'), {
      kind: 'request',
      request: { target: '/pass?a=1', headers: { host: [{ key: 'Host', value: 'app.example' }] } },
    });
  });

  test('has its configuration and nothing of the edge’s environment', async (scope) => {
    const { run } = startFunctions(scope, [program('scripted', { configuration: { greeting: 'hello' } })]);
    const about = bodyOf(await run('/about')) as Record<string, unknown>;
    assert.deepEqual(about.configuration, { greeting: 'hello' });
    assert.deepEqual(about.environment, ['AWS_LAMBDA_FUNCTION_NAME', 'AWS_REGION']);
    assert.equal(about.name, 'scripted');
    assert.ok(Number(about.remaining) > 0 && Number(about.remaining) <= 3000);
  });

  test('may call others', async (scope) => {
    const server = createServer((_, response) => response.end('from elsewhere')).listen(0, '127.0.0.1');
    scope.after(() => void server.close());
    await new Promise((listening) => server.once('listening', listening));
    const { run } = startFunctions(scope, [program('scripted')]);
    assert.equal(bodyOf(await run(`/call?${(server.address() as AddressInfo).port}`)), 'from elsewhere');
  });

  test('runs one event at a time in a worker, and waiting events in others', async (scope) => {
    const { run } = startFunctions(scope, [program('scripted')]);
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => run(`/later?${index}`)));
    const bodies = outcomes.map((outcome) => bodyOf(outcome) as { together: number; query: string });
    assert.deepEqual(new Set(bodies.map(({ together }) => together)), new Set([1]));
    assert.deepEqual(
      bodies.map(({ query }) => query),
      Array.from({ length: 20 }, (_, index) => String(index)),
    );
  });

  test('has what it prints passed on by line', async (scope) => {
    const { run, printed } = startFunctions(scope, [program('scripted')]);
    await run('/print?one');
    await eventually(() => assert.deepEqual(printed, ['scripted: seen one']));
  });
});

describe('a function that fails', () => {
  const faults: [path: string, status: number, reason: RegExp][] = [
    ['/throw', 503, /TypeError: on purpose/],
    ['/reject', 503, /Error: later on purpose/],
    ['/exit', 503, /it exited with 0/],
    ['/circular', 503, /circular/],
    ['/greedy', 503, /more than 128 MiB/],
    ['/buffers', 503, /more than 128 MiB/],
    ['/soak', 503, /more than 128 MiB/],
    ['/gulp', 503, /its process ended with SIG/],
    ['/kill', 503, /its process ended with SIGKILL/],
    ['/nothing', 502, /neither request nor response/],
    ['/huge', 502, /characters/],
  ];
  for (const [path, status, reason] of faults) {
    test(`at ${path} is ${status}, is said why, and works the next time`, async (scope) => {
      const { run, printed } = startFunctions(scope, [
        program('scripted', { timeout: 30_000, events: ['origin-request'] }),
      ]);
      const outcome = await run(path);
      assert.ok(outcome.kind === 'fault');
      assert.equal(outcome.status, status);
      assert.match(outcome.reason, reason);
      assert.match(printed.join('\n'), reason);
      assert.equal((await run('/pass')).kind, 'request');
    });
  }

  test('to keep what it took is no failure: garbage is not counted', async (scope) => {
    const { run } = startFunctions(scope, [program('scripted')]);
    for (const _ of [1, 2, 3]) assert.equal((await run('/garbage')).kind, 'request');
  });

  test('so that its process ends takes nobody else’s with it', async (scope) => {
    const { run } = startFunctions(scope, [program('scripted'), program('scripted', { name: 'other' })]);
    await Promise.all([run('/pass'), run('/pass', 'other')]);
    const failing = [run('/gulp'), run('/kill')];
    const others = await Promise.all(Array.from({ length: 100 }, () => run('/pass', 'other')));
    assert.deepEqual(new Set(others.map(({ kind }) => kind)), new Set(['request']));
    for (const outcome of await Promise.all(failing)) {
      assert.ok(outcome.kind === 'fault' && outcome.status === 503);
    }
    assert.equal((await run('/pass')).kind, 'request');
  });

  for (const path of ['/loop', '/never']) {
    test(`to end at ${path} is stopped at its time limit`, async (scope) => {
      const { run } = startFunctions(scope, [program('scripted', { timeout: 300 })]);
      const outcome = await run(path);
      assert.deepEqual(outcome, { kind: 'fault', status: 503, reason: 'it ran longer than 300 ms' });
      assert.equal((await run('/pass')).kind, 'request');
    });
  }

  test('behind the back of its events does not stop the next ones', async (scope) => {
    const { run, printed } = startFunctions(scope, [program('scripted')]);
    await run('/behind');
    await eventually(() => assert.match(printed.join('\n'), /behind the back/));
    assert.equal((await run('/pass')).kind, 'request');
  });

  for (const [name, reason] of [
    ['broken', /does not load/],
    ['empty', /exports no function handler/],
  ] as const) {
    test(`to load (${name}) is 503 at once, each time`, async (scope) => {
      const { run } = startFunctions(scope, [program(name)]);
      for (const _ of [1, 2]) {
        const outcome = await run('/pass');
        assert.ok(outcome.kind === 'fault' && outcome.status === 503);
        assert.match(outcome.reason, reason);
      }
    });
  }

  test('to stay is started again only when it is asked', async (scope) => {
    const { run, printed } = startFunctions(scope, [program('restless')]);
    await eventually(() => assert.deepEqual(printed, ['restless: it exited with 1']));
    const outcome = await run('/');
    assert.notEqual(outcome.kind, 'response');
    await eventually(() => assert.ok(printed.length >= 2));
  });

  test('to exist is 503', async (scope) => {
    const { run } = startFunctions(scope, [program('scripted')]);
    assert.deepEqual(await run('/pass', 'other'), {
      kind: 'fault',
      status: 503,
      reason: 'there is no such function',
    });
  });
});

describe('a stuck function', () => {
  test('stalls its own callers and nobody else', async (scope) => {
    const stuckFor = 1500;
    const { run } = startFunctions(scope, [
      program('scripted', { timeout: stuckFor }),
      program('scripted', { name: 'other' }),
    ]);
    await Promise.all([run('/pass'), run('/pass', 'other')]);
    const began = performance.now();
    const stuck = [run('/loop'), run('/never')];
    let over = false;
    void Promise.race(stuck).then(() => {
      over = true;
    });
    const others = await Promise.all([
      ...Array.from({ length: 100 }, () => run('/pass')),
      ...Array.from({ length: 100 }, () => run('/pass', 'other')),
    ]);
    assert.equal(over, false, `others had their answers after ${performance.now() - began} ms`);
    assert.deepEqual(new Set(others.map(({ kind }) => kind)), new Set(['request']));
    for (const outcome of await Promise.all(stuck)) {
      assert.ok(outcome.kind === 'fault' && outcome.status === 503);
    }
  });

  test('in every worker there may be lets what waits go in time', async (scope) => {
    const { run } = startFunctions(scope, [program('scripted', { timeout: 400 })], {
      bounds: { workers: 2 },
    });
    const outcomes = await Promise.all([...Array.from({ length: 12 }, () => run('/never')), run('/pass')]);
    assert.deepEqual(
      new Set(outcomes.map((outcome) => (outcome.kind === 'fault' ? outcome.reason : outcome.kind))),
      new Set(['it ran longer than 400 ms', 'no worker was free in time']),
    );
    assert.equal((await run('/pass')).kind, 'request');
  });
});

describe('a worker that is kept from taking its event', () => {
  test('takes it, or the next, when it can again', async (scope) => {
    const { run } = startFunctions(scope, [program('scripted')], { bounds: { workers: 1 } });
    for (const _ of [1, 2]) {
      assert.equal((await run('/linger?200')).kind, 'request');
      assert.equal((await run('/pass')).kind, 'request');
    }
  });

  test('is stopped after the time an event may take', async (scope) => {
    const { run, printed } = startFunctions(scope, [program('scripted', { timeout: 300 })], {
      bounds: { workers: 1 },
    });
    assert.equal((await run('/linger?60000')).kind, 'request');
    assert.equal((await run('/pass')).kind, 'fault');
    await eventually(async () => assert.equal((await run('/pass')).kind, 'request'));
    assert.match(printed.join('\n'), /took no event for 300 ms/);
  });
});

describe('a function with too many events', () => {
  test('answers 503 beyond its concurrency, and the others as ever', async (scope) => {
    const { run } = startFunctions(scope, [program('scripted')], { bounds: { concurrency: 10 } });
    const outcomes = await Promise.all(Array.from({ length: 15 }, () => run('/pass')));
    const kinds = outcomes.map((outcome) => (outcome.kind === 'fault' ? outcome.reason : outcome.kind));
    assert.equal(kinds.filter((kind) => kind === 'request').length, 10);
    assert.equal(kinds.filter((kind) => kind === '10 events are under way').length, 5);
    assert.equal((await run('/pass')).kind, 'request');
  });

  test('forgets those nobody waits for', async (scope) => {
    const { run, runtime, printed } = startFunctions(scope, [program('scripted')], {
      bounds: { workers: 1 },
    });
    const stuck = run('/never');
    const viewer = new AbortController();
    const left = run('/print', 'scripted', viewer.signal);
    viewer.abort();
    assert.deepEqual(await left, { kind: 'fault', status: 503, reason: 'nobody waits for it' });
    await runtime.close();
    assert.equal((await stuck).kind, 'fault');
    assert.ok(!printed.some((line) => line.includes('seen')));
  });

  test('is strict by the event it is for', async (scope) => {
    const events = ['viewer-request', 'origin-request'] as const;
    const { runtime } = startFunctions(scope, [
      program('scripted', { timeout: 30_000, memory: 512, events }),
    ]);
    const outcome = await runtime.invoke('scripted', record('origin-request', { target: '/about' }));
    assert.ok((bodyOf(outcome) as { remaining: number }).remaining <= 5000);
  });
});

describe('a function that is another one now', () => {
  test('takes what comes from then on, and the old one ends what it has begun', async (scope) => {
    const old = program('scripted', { configuration: { greeting: 'old' } });
    const { run, runtime } = startFunctions(scope, [old]);
    const configured = async () => (bodyOf(await run('/about')) as { configuration: unknown }).configuration;
    assert.deepEqual(await configured(), { greeting: 'old' });
    const begun = run('/later?begun');
    runtime.update([{ ...old, configuration: { greeting: 'new' } }]);
    assert.deepEqual(await configured(), { greeting: 'new' });
    assert.deepEqual(bodyOf(await begun), { together: 1, query: 'begun' });
    runtime.update([]);
    assert.equal((await run('/about')).kind, 'fault');
  });
});
