import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import blueprint from '../../blueprint.ts';
import { eventually } from '../eventually.ts';
import { always } from './cache/cache-fixture.ts';
import { cached, startCachingEdge } from './caching-fixture.ts';
import { accessOf } from './edge-fixture.ts';

const minute = { 'cache-control': 'public, max-age=60, stale-while-revalidate=3600' };

describe('an invalidation', () => {
  test('removes what a pattern names, with every variant of it, and what is on its way', async (t) => {
    const held: (() => void)[] = [];
    const { edge, of, ask, asked } = await startCachingEdge(t, (request, response) => {
      const answer = () => void response.writeHead(200, minute).end(String(asked.length));
      if (request.url === '/api/v1/data/slow') held.push(answer);
      else answer();
    });
    await of('/api/v1/data?limit=1');
    await of('/api/v1/data?limit=2');
    await of('/api/v1/data/1');
    assert.equal(edge.invalidate(['/api/v1/data?limit=1']), 1);
    assert.equal(await of('/api/v1/data?limit=1'), '4 miss');
    assert.equal(await of('/api/v1/data?limit=2'), '2 hit');
    const slow = ask('/api/v1/data/slow');
    await eventually(() => assert.equal(held.length, 1));
    assert.equal(edge.invalidate(['/api/v1/data*']), 3);
    held[0]?.();
    await slow;
    const again = ask('/api/v1/data/slow');
    await eventually(() => assert.equal(held.length, 2));
    held[1]?.();
    await again;
    assert.equal(await of('/api/v1/data?limit=2'), '7 miss');
  });
});

describe('a change of the blueprint', () => {
  test('acts at once on what is stored, and begins anew where the key is another', async (t) => {
    const { edge, configuration, of, pass } = await startCachingEdge(
      t,
      always({ 'cache-control': 'max-age=60' }),
      cached({}),
    );
    await of('/api/a');
    pass(30);
    const shorter = accessOf({ ...blueprint.access, ...cached({ defaultTtl: '10s', maxTtl: '10s' }) });
    edge.update({ ...configuration, plan: { access: shorter } });
    assert.equal(await of('/api/a'), '2 miss');
    const keyed = accessOf({ ...blueprint.access, ...cached({ query: ['q'] }) });
    edge.update({ ...configuration, plan: { access: keyed } });
    assert.equal(await of('/api/a'), '3 miss');
  });
});

describe('the store on disk', () => {
  test('survives a restart, and a file that is none is begun anew', async (t) => {
    const storeFolder = await mkdtemp(join(tmpdir(), 'edge-store-'));
    t.after(() => rm(storeFolder, { recursive: true, force: true }));
    const one = await startCachingEdge(t, always(minute), {}, { storeFolder });
    await one.of('/api/v1/data');
    await one.edge.close();
    const other = await startCachingEdge(t, always(minute, { body: 'other' }), {}, { storeFolder });
    assert.equal(await other.of('/api/v1/data'), '1 hit');
    await other.edge.close();
    await writeFile(join(storeFolder, 'cache.sqlite'), 'x'.repeat(5000));
    const anew = await startCachingEdge(t, always(minute, { body: 'anew' }), {}, { storeFolder });
    assert.equal(await anew.of('/api/v1/data'), 'anew miss');
  });

  test('drops what was used least recently once it is full', async (t) => {
    const storeFolder = await mkdtemp(join(tmpdir(), 'edge-store-'));
    t.after(() => rm(storeFolder, { recursive: true, force: true }));
    const body = 'x'.repeat(300_000);
    const store = { memory: '1MB', disk: '1MB', object: '1MB' } as const;
    const { edge, ask } = await startCachingEdge(
      t,
      always(minute, { body }),
      { ...cached({}), store },
      { storeFolder },
    );
    const source = async (target: string) => (await ask(target, { method: 'HEAD' })).headers['x-cache'];
    for (const name of ['a', 'b', 'c']) await ask(`/api/${name}`);
    await ask('/api/a');
    await ask('/api/d');
    assert.deepEqual([await source('/api/a'), await source('/api/b')], ['hit', 'miss']);
    assert.ok(edge.address.port > 0);
  });
});
