import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Entity } from '../../src/data/entity.ts';
import { eventually } from '../eventually.ts';
import { call } from './client.ts';
import { createProject } from './project.ts';

/** How long readers and writers run while processes are killed. Milliseconds. */
const period = 20_000;
const keys = 6;

/** Highest version known by key; it only grows. */
function highWater() {
  const versions = new Map<string, number>();
  return {
    at: (id: string) => versions.get(id) ?? 0,
    raise: (id: string, version: number) => versions.set(id, Math.max(version, versions.get(id) ?? 0)),
  };
}

describe('consistency under faults', () => {
  test('secure reads see every acknowledged write, and data never goes back, while tasks, Valkey and relays are killed', async (t) => {
    const project = await createProject(t);
    await project.edit("throttle: { rate: '1000/s' }", "throttle: { rate: '10000/s', burst: 5000 }");
    await project.edit("throttle: { rate: '500/s' }", "throttle: { rate: '10000/s', burst: 5000 }");
    const up = await project.strata('up', '--detach', '--port-base', String(project.portBase));
    assert.equal(up.code, 0, up.stdout + up.stderr);
    const { urls } = await project.status();
    const editor = await project.token('editor');
    const ids = await Promise.all(
      Array.from({ length: keys }, async (_, index) => {
        const answer = await call('POST', `${urls.gateway}/api/v1/secure`, {
          token: editor,
          body: { name: `Key ${index}`, attributes: {} },
        });
        return answer.json<Entity>().id;
      }),
    );

    const acknowledged = highWater();
    const shown = highWater();
    const violations: string[] = [];
    const counts = { writes: 0, secure: 0, data: 0 };
    let running = true;
    const forever = async (step: (id: string) => Promise<void>, offset: number) => {
      for (let turn = offset; running; turn += 1) await step(ids[turn % ids.length] ?? '').catch(() => {});
    };

    const write = async (id: string) => {
      const answer = await call('PATCH', `${urls.gateway}/api/v1/secure/${id}`, {
        token: editor,
        body: { attributes: { at: performance.now() } },
      });
      if (answer.status !== 200) return;
      counts.writes += 1;
      acknowledged.raise(id, answer.json<Entity>().version);
    };
    const readSecure = async (id: string) => {
      const least = acknowledged.at(id);
      const answer = await call('GET', `${urls.gateway}/api/v1/secure/${id}`, { token: editor });
      if (answer.status !== 200) return;
      counts.secure += 1;
      const { version } = answer.json<Entity>();
      if (version < least) violations.push(`secure showed ${version} after ${least} was acknowledged`);
    };
    const readData = async (id: string) => {
      const least = shown.at(id);
      const answer = await call('GET', `${urls.gateway}/api/v1/data/${id}`, {
        token: editor,
        headers: { 'cache-control': 'max-age=0' },
      });
      if (answer.status !== 200) return;
      counts.data += 1;
      const { version } = answer.json<Entity>();
      if (version < least)
        violations.push(
          `data showed ${version} after ${least} had been shown (${answer.headers['x-entity-cache']})`,
        );
      shown.raise(id, version);
    };
    const loops = [0, 1, 2].flatMap((offset) => [
      forever(write, offset),
      forever(readSecure, offset),
      forever(readData, offset),
      forever(readData, offset),
    ]);

    const ends = performance.now() + period;
    const victims = [
      'valkey',
      'microservice-a-1',
      'microservice-a-2',
      'valkey',
      'microservice-b-1',
      'microservice-a-1-envoy',
    ];
    for (let turn = 0; performance.now() < ends; turn += 1) {
      const name = victims[turn % victims.length] ?? '';
      const { pid } = await project.process(name);
      process.kill(pid, 'SIGKILL');
      await eventually(
        async () => {
          const now = await project.process(name);
          assert.ok(now.pid !== pid && now.state === 'healthy', `${name} is back`);
        },
        { timeout: 30_000, interval: 200 },
      );
      const before = { ...counts };
      await eventually(
        () => {
          for (const kind of ['writes', 'secure', 'data'] as const)
            assert.ok(counts[kind] > before[kind] + 20, `${kind} go on`);
        },
        { timeout: 30_000 },
      );
    }
    running = false;
    await Promise.all(loops);
    assert.deepEqual(violations, []);
    t.diagnostic(`${counts.writes} writes, ${counts.secure} secure reads, ${counts.data} data reads`);

    await eventually(
      async () => {
        for (const [index, id] of ids.entries()) {
          const found = await call('GET', `${urls.gateway}/api/v1/data?name=Key%20${index}`, {
            token: editor,
            headers: { 'cache-control': 'max-age=0' },
          });
          const [entity] = found.json<{ items: Entity[] }>().items.filter((item) => item.id === id);
          assert.ok(
            (entity?.version ?? 0) >= acknowledged.at(id),
            'the catalog has every acknowledged change',
          );
        }
      },
      { timeout: 30_000, interval: 200 },
    );
  });
});
