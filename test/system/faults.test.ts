import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Entity } from '../../src/data/entity.ts';
import { eventually } from '../eventually.ts';
import { call } from './client.ts';
import { createProject, type Project, type Status } from './project.ts';

/** Reads again and again until it is stopped; every answer that is not 200 is kept. */
function readContinuously(url: () => string, headers: Record<string, string>) {
  const wrong: string[] = [];
  let answered = 0;
  let running = true;
  const reader = async () => {
    while (running) {
      const outcome = await call('GET', url(), { headers }).then(
        ({ status, body }) => (status === 200 ? undefined : `${status} ${body}`),
        (error: Error) => error.message,
      );
      answered += 1;
      if (outcome !== undefined) wrong.push(outcome);
    }
  };
  const readers = Array.from({ length: 4 }, reader);
  return {
    wrong,
    answered: () => answered,
    async stop() {
      running = false;
      await Promise.all(readers);
    },
  };
}

describe('faults and changes', () => {
  let project: Project;
  let urls: Status['urls'];
  let editor = '';
  let entity: Entity;
  const cleanups: (() => Promise<void>)[] = [];

  before(async () => {
    project = await createProject({ after: (cleanup) => cleanups.push(cleanup) });
    await project.edit("throttle: { rate: '1000/s' }", "throttle: { rate: '10000/s', burst: 5000 }");
    const up = await project.strata('up', '--detach', '--port-base', String(project.portBase));
    assert.equal(up.code, 0, up.stdout + up.stderr);
    urls = (await project.status()).urls;
    editor = await project.token('editor');
    const created = await call('POST', `${urls.gateway}/api/v1/secure`, {
      token: editor,
      body: { name: 'Kept', attributes: {} },
    });
    entity = created.json<Entity>();
  });
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });

  /** Reads that pass the gateway's cache by a permitted refresh, so that each one reaches a task. */
  const readThrough = () =>
    readContinuously(() => `${urls.gateway}/api/v1/data/${entity.id}`, {
      authorization: `Bearer ${editor}`,
      'cache-control': 'max-age=0',
    });
  const recovered = async (name: string, pid: number) => {
    await eventually(
      async () => {
        const now = await project.process(name);
        assert.notEqual(now.pid, pid, `${name} runs again`);
        assert.equal(now.state, 'healthy', name);
      },
      { timeout: 30_000, interval: 200 },
    );
  };
  const works = () =>
    eventually(
      async () => {
        const read = await call('GET', `${urls.edge}/api/v1/secure/${entity.id}`, { token: editor });
        assert.equal(read.status, 200, read.body);
        const write = await call('PATCH', `${urls.gateway}/api/v1/secure/${entity.id}`, {
          token: editor,
          body: { attributes: { at: Date.now() } },
        });
        assert.equal(write.status, 200, write.body);
        const named = await call('GET', `${urls.gateway}/api/v1/data?name=Kept`, {
          token: editor,
          headers: { 'cache-control': 'max-age=0' },
        });
        assert.equal(named.status, 200, named.body);
      },
      { timeout: 30_000, interval: 100 },
    );

  for (const name of ['microservice-a-1', 'microservice-a-2-envoy']) {
    test(`${name} dies while the other task lives: no read is lost, and it comes back`, async () => {
      const readers = readThrough();
      const before = await project.process(name);
      await eventually(() => assert.ok(readers.answered() > 50));
      process.kill(before.pid, 'SIGKILL');
      await recovered(name, before.pid);
      const answered = readers.answered();
      await eventually(() => assert.ok(readers.answered() > answered + 50));
      await readers.stop();
      assert.deepEqual(readers.wrong, []);
    });
  }

  for (const name of [
    'ingress',
    'gateway',
    'edge',
    'identity',
    'microservice-b-1',
    'microservice-b-1-envoy',
    'postgres',
    'valkey',
    'dynamodb',
  ]) {
    test(`${name} dies: it comes back by itself and the answers recover`, async () => {
      const { pid } = await project.process(name);
      process.kill(pid, 'SIGKILL');
      await recovered(name, pid);
      await works();
    });
  }

  test('PostgreSQL down: a read of the primary is 503 with Retry-After, and every acknowledged write is there after', async () => {
    const acknowledged: Entity[] = [];
    const { pid } = await project.process('postgres');
    let killed = false;
    const refused: (string | undefined)[] = [];
    for (let turn = 0; turn < 200 && refused.length < 3; turn += 1) {
      if (turn === 20) {
        process.kill(pid, 'SIGKILL');
        killed = true;
      }
      const answer = await call('POST', `${urls.gateway}/api/v1/secure`, {
        token: editor,
        body: { name: `Write ${turn}`, attributes: {} },
      });
      if (answer.status === 201) acknowledged.push(answer.json<Entity>());
      else refused.push(answer.status === 503 ? answer.headers['retry-after'] : `${answer.status}`);
    }
    assert.ok(killed && acknowledged.length >= 20);
    for (const retryAfter of refused) assert.match(retryAfter ?? 'none', /^\d+$/);
    await works();
    for (const { id, name } of acknowledged) {
      const read = await call('GET', `${urls.gateway}/api/v1/secure/${id}`, { token: editor });
      assert.equal(read.json<Entity>().name, name);
    }
  });

  test('one task more, then one less: no request is dropped', async () => {
    const readers = readThrough();
    const tasks = async () =>
      (await project.status()).processes.filter(
        ({ kind, name }) => kind === 'task' && name.startsWith('microservice-a'),
      ).length;
    for (const count of [3, 2]) {
      await project.edit(/tasks: [23],/, `tasks: ${count},`);
      const up = await project.strata('up');
      assert.equal(up.code, 0, up.stdout + up.stderr);
      assert.equal(await tasks(), count);
      const answered = readers.answered();
      await eventually(() => assert.ok(readers.answered() > answered + 50));
    }
    await readers.stop();
    assert.deepEqual(readers.wrong, []);
  });

  test("a service's changed program is taken up task by task: no request is dropped", async () => {
    const readers = readThrough();
    const pids = async (service: string) =>
      (await project.status()).processes
        .filter(({ kind, name }) => kind === 'task' && name.startsWith(service))
        .map(({ pid }) => pid);
    const [entities, catalog] = [await pids('microservice-a'), await pids('microservice-b')];
    await appendFile(join(project.folder, 'services/entities/main.ts'), '// changed\n');
    const up = await project.strata('up');
    assert.equal(up.code, 0, up.stdout + up.stderr);
    await readers.stop();
    assert.deepEqual(readers.wrong, []);
    const replaced = await pids('microservice-a');
    assert.equal(replaced.length, entities.length);
    assert.deepEqual(
      replaced.filter((pid) => entities.includes(pid)),
      [],
    );
    assert.deepEqual(await pids('microservice-b'), catalog, 'another service goes on as it was');
  });

  test("a route's throttle is changed while it runs: what is over it is answered 429", async () => {
    await project.edit("throttle: { rate: '10000/s', burst: 5000 }", "throttle: { rate: '5/s', burst: 5 }");
    const { pid } = await project.process('gateway');
    assert.equal((await project.strata('up')).code, 0);
    assert.equal((await project.process('gateway')).pid, pid, 'the gateway was not restarted');
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => call('GET', `${urls.gateway}/api/v1/data?limit=1`)),
    );
    const limited = answers.find(({ status }) => status === 429);
    assert.ok(limited, 'some are throttled');
    assert.deepEqual(limited.json(), { message: 'Too Many Requests' });
    assert.equal(limited.headers['x-amzn-errortype'], 'TooManyRequestsException');
    await project.edit("throttle: { rate: '5/s', burst: 5 }", "throttle: { rate: '10000/s', burst: 5000 }");
    assert.equal((await project.strata('up')).code, 0);
  });

  test('a wrong value is refused with all mistakes, and what runs goes on', async () => {
    await project.edit("cache: { ttl: '60s', query", "cache: { ttl: '2h', query");
    await project.edit("topic: 'CloudNativeAlerts'", "topic: 'Nobody'");
    const up = await project.strata('up');
    assert.equal(up.code, 1);
    const said = up.stdout + up.stderr;
    for (const part of [
      'gateway.routes[0].cache.ttl',
      "'2h'",
      '1h',
      'docs.aws.amazon.com',
      'observability.alarms.HighCPUUsage.topic',
    ]) {
      assert.ok(said.includes(part), `${part} in ${said}`);
    }
    await works();
    await project.edit("cache: { ttl: '2h', query", "cache: { ttl: '60s', query");
    await project.edit("topic: 'Nobody'", "topic: 'CloudNativeAlerts'");
  });
});
