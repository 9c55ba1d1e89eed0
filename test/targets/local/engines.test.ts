import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { pingTable } from '../../../src/data/table/ping.ts';
import { defineCache } from '../../../src/targets/local/cache.ts';
import { accountOf } from '../../../src/targets/local/engines/account.ts';
import { acquire } from '../../../src/targets/local/engines/acquisition.ts';
import { parse, respond } from '../../../src/targets/local/engines/respond.ts';
import {
  enginesFolder,
  freePort,
  startDynamo,
  startEngine,
  startEnvoy,
  startPostgres,
  startValkey,
  temporaryFolder,
} from '../../engines.ts';

test('the cache is a cluster with every slot, asks for its password and keeps nothing', async (t) => {
  const dataFolder = await temporaryFolder(t);
  const executables = await acquire('valkey', { enginesFolder });
  const [port, busPort, password] = [await freePort(), await freePort(), 'a "quoted" \\ password'];
  const options = {
    name: 'cache',
    executables,
    dataFolder,
    port,
    busPort,
    password,
    maximumMemory: 64 * 1024 * 1024,
  };
  const definition = await defineCache(options);
  const engine = await startEngine(t, definition);
  const ask = async (...command: string[]) =>
    (await respond(port, [['AUTH', password], command], 1000))[1] ?? '';
  assert.match(await ask('CLUSTER', 'INFO'), /cluster_state:ok\r\ncluster_slots_assigned:16384/);
  assert.equal(await ask('SET', 'key', 'value'), '+OK');
  assert.match(await ask('INFO', 'memory'), /maxmemory:67108864\r\n[\s\S]*maxmemory_policy:volatile-lru/);
  assert.match((await respond(port, [['GET', 'key']], 1000))[0] ?? '', /^-NOAUTH/);
  assert.equal((await stat(join(dataFolder, 'valkey.conf'))).mode & 0o777, 0o600);
  assert.ok(!readFileSync(`/proc/${engine.pid}/cmdline`, 'utf8').includes('password'));
  engine.kill();
  await engine.restart();
  assert.equal(await ask('GET', 'key'), '$-1');
});

test('a half-written cluster file does not stop the cache', async (t) => {
  const dataFolder = await temporaryFolder(t);
  await writeFile(join(dataFolder, 'nodes.conf'), 'half a li');
  const executables = await acquire('valkey', { enginesFolder });
  const ports = { port: await freePort(), busPort: await freePort() };
  const options = {
    name: 'cache',
    executables,
    dataFolder,
    ...ports,
    password: 'p',
    maximumMemory: 8 * 1024 * 1024,
  };
  await startEngine(t, await defineCache(options));
});

test('engines listen on 127.0.0.1 only', async (t) => {
  const engines = await Promise.all([startPostgres(t), startValkey(t), startDynamo(t)]);
  for (const { url } of engines) {
    const port = Number(new URL(url).port);
    assert.deepEqual(listeners(port), ['0100007F']);
  }
});

test('the table survives a kill, and a suspended engine answers again when resumed', async (t) => {
  const engine = await startDynamo(t);
  const connection = {
    endpoint: engine.url,
    region: 'us-east-1',
    accessKeyId: 'test',
    secretAccessKey: 'test',
  };
  engine.kill();
  await engine.restart();
  await pingTable(connection);
  engine.suspend();
  await assert.rejects(pingTable(connection), { name: 'TimeoutError' });
  engine.resume();
  await pingTable(connection);
});

test('a proxy is ready when its admin interface says so, and starts again after a kill', async (t) => {
  const bootstrapFile = join(await temporaryFolder(t), 'bootstrap.json');
  const address = { socket_address: { address: '127.0.0.1', port_value: await freePort() } };
  await writeFile(bootstrapFile, JSON.stringify({ admin: { address } }));
  const engine = await startEnvoy(t, { bootstrapFile });
  const before = engine.pid;
  engine.kill();
  await engine.restart();
  assert.notEqual(engine.pid, before);
});

test('any sequence of cache answers is read as it was sent, and only as far as it is complete', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'Z', ' ', '0', '-'), maxLength: 8 });
  const answer = fc.oneof(
    line.map((text) => ({ text: `+${text}`, sent: `+${text}\r\n` })),
    fc
      .string({ unit: fc.constantFrom('a', '\r', '\n', '$', '+'), maxLength: 12 })
      .map((text) => ({ text, sent: `$${text.length}\r\n${text}\r\n` })),
    fc.constant({ text: '$-1', sent: '$-1\r\n' }),
  );
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 5 }), fc.nat(100), (answers, cut) => {
      const sent = answers.map((one) => one.sent).join('');
      const texts = answers.map((one) => one.text);
      assert.deepEqual(parse(sent), texts);
      const partial = parse(sent.slice(0, cut));
      assert.deepEqual(partial, texts.slice(0, partial.length));
    }),
  );
});

test('a user’s ids are read from passwd, and root’s are never taken', () => {
  const passwd = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:99:98:Nobody:/:/sbin/nologin\n';
  assert.deepEqual(accountOf('nobody', passwd), { uid: 99, gid: 98 });
  assert.equal(accountOf('root', passwd), undefined);
  assert.equal(accountOf('absent', passwd), undefined);
});

/** Local addresses, in the kernel's hexadecimal, that listen on a port (proc_net_tcp). */
function listeners(port: number): string[] {
  const suffix = port.toString(16).toUpperCase().padStart(4, '0');
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    readFileSync(table, 'utf8').trim().split('\n'),
  );
  return rows.flatMap((row) => {
    const [, local = '', , state] = row.trim().split(/\s+/);
    const [address = '', at] = local.split(':');
    return at === suffix && state === '0A' ? [address] : [];
  });
}
