import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { openDiskStore } from '../../../src/edge/cache/disk-store.ts';
import { createMemoryStore } from '../../../src/edge/cache/memory-store.ts';
import type { ObjectStore, StoredHead, StoreLimits } from '../../../src/edge/cache/store.ts';
import { fillFrom, streamOf } from '../../../src/edge/cache/transfer.ts';
import { until } from './cache-fixture.ts';

interface Cleanup {
  after(fn: () => Promise<void>): void;
}

const roomy: StoreLimits = { bytes: 1_000_000, objectBytes: 100_000 };

function headOf(key: string): StoredHead {
  return {
    key,
    target: key,
    status: 200,
    reason: 'OK',
    headers: ['ETag', '"a"'],
    selection: {},
    requestTime: 1,
    responseTime: 2,
    initialAge: 0,
    part: undefined,
  };
}

function put(store: ObjectStore, key: string, body: string | Buffer) {
  const writer = store.begin(headOf(key));
  writer.write(Buffer.from(body));
  writer.commit();
  return writer.object;
}

async function folderOf(t: Cleanup): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'edge-store-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const stores = {
  memory: async (_t: Cleanup, limits: StoreLimits) => createMemoryStore(limits),
  disk: async (t: Cleanup, limits: StoreLimits) => openDiskStore(await folderOf(t), limits),
  'disk and memory': async (t: Cleanup, limits: StoreLimits) =>
    openDiskStore(await folderOf(t), { ...limits, memoryBytes: limits.bytes / 2 }),
};

for (const [name, open] of Object.entries(stores)) {
  describe(`the ${name} store`, () => {
    const opened = async (t: Cleanup, limits = roomy) => {
      const store = await open(t, limits);
      t.after(async () => store.close());
      return store;
    };

    test('gives back what was put, newest first', async (t) => {
      const store = await opened(t);
      put(store, '/a', 'one');
      put(store, '/a', 'two');
      put(store, '/b', 'other');
      assert.deepEqual(
        store.select('/a').map((object) => store.content(object).toString()),
        ['two', 'one'],
      );
      assert.deepEqual(store.select('/c'), []);
    });

    test('lets a response be read while it comes, and from any offset', async (t) => {
      const store = await opened(t);
      const writer = store.begin(headOf('/a'));
      const early = text(streamOf(store, writer.object));
      const within = text(streamOf(store, writer.object, { first: 3, last: 7 }));
      for (const piece of ['abcd', 'efgh', 'ij']) {
        writer.write(Buffer.from(piece));
        await new Promise((resolve) => setImmediate(resolve));
      }
      writer.commit();
      assert.deepEqual([await early, await within], ['abcdefghij', 'defgh']);
      assert.equal(await text(streamOf(store, writer.object, { first: 8, last: 9 })), 'ij');
    });

    test('forgets what does not become whole, and its readers see it', async (t) => {
      const store = await opened(t);
      const writer = store.begin(headOf('/a'));
      const read = text(streamOf(store, writer.object));
      writer.write(Buffer.from('half'));
      assert.equal(store.select('/a').length, 1);
      writer.abort();
      await assert.rejects(read, /ended midway/);
      assert.deepEqual([store.select('/a'), store.bytes], [[], 0]);
    });

    test('drops the least recently used when it is full, and never holds more than it may', async (t) => {
      const limits = { bytes: 10_000, objectBytes: 5000 };
      const store = await opened(t, limits);
      const kept = put(store, '/0', Buffer.alloc(1000));
      for (let index = 1; index < 30; index += 1) {
        store.touch(kept);
        put(store, `/${index}`, Buffer.alloc(1000));
        assert.ok(store.bytes <= limits.bytes, `${store.bytes} bytes`);
      }
      assert.deepEqual(
        [store.select('/0').length, store.select('/1').length, store.select('/29').length],
        [1, 0, 1],
      );
    });

    test('keeps readable what is removed while it is read', async (t) => {
      const store = await opened(t);
      const object = put(store, '/a', Buffer.alloc(90_000, 'x'));
      const stream = streamOf(store, object);
      store.remove(object);
      assert.equal((await text(stream)).length, 90_000);
      assert.equal(store.bytes, 0);
    });

    test('removes what a test names, also on its way', async (t) => {
      const store = await opened(t);
      put(store, '/a/1', '1');
      const writer = store.begin(headOf('/a/2'));
      put(store, '/b', '3');
      assert.equal(
        store.removeWhere(({ target }) => target.startsWith('/a/')),
        2,
      );
      writer.write(Buffer.from('2'));
      writer.commit();
      assert.deepEqual(
        ['/a/1', '/a/2', '/b'].map((key) => store.select(key).length),
        [0, 0, 1],
      );
    });

    test('changes what is known of a response and keeps its bytes', async (t) => {
      const store = await opened(t);
      const object = put(store, '/a', 'bytes');
      store.update(object, { ...object.head, headers: ['ETag', '"b"'] });
      assert.deepEqual(store.select('/a')[0]?.head.headers, ['ETag', '"b"']);
      assert.equal(store.content(object).toString(), 'bytes');
    });

    test('adds the bytes of one response to another, whoever reads that one', async (t) => {
      const store = await opened(t);
      const first = put(store, '/a', 'abcdef');
      const second = put(store, '/a', 'efgh'.padEnd(80_000, 'x'));
      assert.equal(store.content(first).toString(), 'abcdef');
      const underWay = streamOf(store, first);
      store.extend(first, second, 2, { ...first.head, headers: ['ETag', '"b"'] });
      store.remove(second);
      assert.deepEqual(store.select('/a'), [first]);
      assert.deepEqual([first.size, first.head.headers], [80_004, ['ETag', '"b"']]);
      assert.equal(await text(underWay), 'abcdef');
      assert.equal(store.content(first).toString(), 'abcdefgh'.padEnd(80_004, 'x'));
      store.remove(first);
      assert.equal(store.bytes, 0);
    });

    test('lets pass what proves too large, at the pace of its slowest reader', async (t) => {
      const store = await opened(t, { bytes: 1_000_000, objectBytes: 50_000 });
      const source = new PassThrough({ highWaterMark: 65_536 });
      const writer = store.begin(headOf('/large'));
      fillFrom(source, writer);
      const reader = streamOf(store, writer.object);
      const size = 8_000_000;
      let sent = 0;
      const send = () => {
        while (sent < size) {
          sent += 40_000;
          if (!source.write(Buffer.alloc(40_000, 'y'))) return;
        }
        source.end();
      };
      source.on('drain', send);
      send();
      await until(() => source.isPaused());
      assert.ok(sent < 3_000_000, `${sent} bytes were taken though nobody read`);
      assert.equal(store.select('/large').length, 0);
      assert.equal((await text(reader)).length, size);
    });

    test('ends the fetch of what is too large once nobody reads it', async (t) => {
      const store = await opened(t, { bytes: 1_000_000, objectBytes: 50_000 });
      const source = new PassThrough();
      fillFrom(source, store.begin(headOf('/large')));
      source.write(Buffer.alloc(60_000));
      await until(() => source.destroyed);
      assert.equal(store.bytes, 0);
    });
  });
}

describe('the disk store over a restart', () => {
  test('has what was whole, in its order of use, and nothing of what was not', async (t) => {
    const folder = await folderOf(t);
    const first = openDiskStore(folder, roomy);
    const old = put(first, '/old', 'old');
    put(first, '/new', 'n'.repeat(90_000));
    first.update(old, { ...old.head, headers: ['ETag', '"b"'] });
    first.extend(old, put(first, '/rest', 'er'), 0, old.head);
    first.touch(old);
    first.begin(headOf('/half')).write(Buffer.from('half'));
    first.close();

    const second = openDiskStore(folder, { bytes: 10_000, objectBytes: 5000 });
    t.after(async () => second.close());
    assert.deepEqual(
      ['/old', '/new', '/half'].map((key) => second.select(key).length),
      [1, 0, 0],
    );
    const [object] = second.select('/old');
    assert.ok(object);
    assert.deepEqual(object.head.headers, ['ETag', '"b"']);
    assert.equal(second.content(object).toString(), 'older');
    put(second, '/next', 'next');
    assert.equal(second.content(object).toString(), 'older');
  });
});
