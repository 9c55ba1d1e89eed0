import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import pg from 'pg';
import { unprivilegedAccount } from '../../../src/targets/local/engines/account.ts';
import { acquire } from '../../../src/targets/local/engines/acquisition.ts';
import { placeData, stateFolder } from '../../../src/targets/local/engines/placement.ts';
import {
  defineRelational,
  type RelationalOptions,
  relationalUrl,
} from '../../../src/targets/local/relational.ts';
import {
  afterwards,
  type Engine,
  enginesFolder,
  freePort,
  projectRoot,
  startEngine,
  temporaryFolder,
} from '../../engines.ts';

const isRoot = process.getuid?.() === 0;

test('acknowledged writes survive the death of the postmaster alone, and the server starts again', async (t) => {
  const { url, engine } = await start(t, await optionsIn(await temporaryFolder(t)));
  await query(url, `create table kept (value int)`);
  await query(url, `insert into kept values (42)`);
  process.kill(engine.pid, 'SIGKILL');
  await engine.restart();
  assert.deepEqual([...(await query(url, `select value from kept`))], [{ value: 42 }]);
});

test('settings keep data safe, the encoding is UTF-8, and only 127.0.0.1 is listened on', async (t) => {
  const { url, definition } = await start(t, await optionsIn(await temporaryFolder(t)));
  const [settings] = await query(
    url,
    `
      select current_setting('fsync') fsync, current_setting('synchronous_commit') synchronous_commit,
        current_setting('server_encoding') encoding, current_setting('listen_addresses') addresses,
        current_setting('unix_socket_directories') sockets, current_setting('password_encryption') password`,
  );
  assert.deepEqual(
    { ...settings },
    {
      fsync: 'on',
      synchronous_commit: 'on',
      encoding: 'UTF8',
      addresses: '127.0.0.1',
      sockets: '',
      password: 'scram-sha-256',
    },
  );
  assert.equal((await stat(definition.directory)).mode & 0o777, 0o700);
});

test('a wrong password is refused, and the right one is on no command line', async (t) => {
  const options = await optionsIn(await temporaryFolder(t));
  const { definition } = await start(t, options);
  const wrong = relationalUrl({ ...options, password: 'wrong' });
  await assert.rejects(query(wrong, `select 1`), /password authentication failed/);
  assert.ok(!definition.arguments.join(' ').includes(options.password));
});

test('a data folder whose making was interrupted is made anew', async (t) => {
  const options = await optionsIn(await temporaryFolder(t));
  const place = await placeData(projectRoot, options.dataFolder, await unprivilegedAccount());
  const work = `.${basename(place)}-initializing`;
  const half = join(dirname(place), work, 'data');
  await mkdir(half, { recursive: true });
  await writeFile(join(half, 'PG_VERSION'), '18\n');
  const { url } = await start(t, options);
  assert.equal((await query(url, `select 1`)).length, 1);
  assert.ok(!(await readdir(dirname(place))).includes(work));
});

test('a lock file whose pid is another program’s by now does not stop the server', async (t) => {
  const options = await optionsIn(await temporaryFolder(t));
  const { definition, engine } = await start(t, options);
  const lock = join(definition.directory, 'postmaster.pid');
  const text = await readFile(lock, 'utf8');
  await engine.stop();
  const other = spawn('sleep', ['60'], { stdio: 'ignore', ...definition.user });
  t.after(() => other.kill('SIGKILL'));
  await writeFile(lock, text.replace(/^\d+/, String(other.pid)));
  await start(t, options);
});

test('in a folder only root can enter, data and binaries go where the database’s user can', {
  skip: !isRoot,
}, async (t) => {
  const closed = await mkdtemp(join(tmpdir(), 'strata-closed-'));
  afterwards(t, () => rm(closed, { recursive: true, force: true }));
  afterwards(t, () => rm(stateFolder(closed), { recursive: true, force: true }));
  const { postgres: original } = await acquire('postgres', { enginesFolder });
  const engine = join(closed, '.strata/engines/postgres-18.4.0');
  await cp(join(dirname(original), '../..'), engine, { recursive: true, verbatimSymlinks: true });
  const executables = {
    postgres: join(engine, 'native/bin/postgres'),
    initdb: join(engine, 'native/bin/initdb'),
  };
  const dataFolder = join(closed, '.strata/data/postgres');
  const options = { ...(await optionsIn(closed)), executables, projectRoot: closed, dataFolder };
  const { definition, engine: first, url } = await start(t, options);
  assert.ok(definition.directory.startsWith(stateFolder(closed)));
  assert.ok(definition.command.startsWith(stateFolder(closed)));
  await query(url, `create table kept as select 42 as value`);
  await first.stop();
  await start(t, options);
  assert.deepEqual([...(await query(url, `select value from kept`))], [{ value: 42 }]);
});

async function optionsIn(folder: string): Promise<RelationalOptions> {
  const executables = await acquire('postgres', { enginesFolder });
  const port = await freePort();
  const place = { projectRoot, dataFolder: join(folder, 'data') };
  return { name: 'postgres', executables, ...place, port, password: 'a "quoted" password', connections: 10 };
}

async function start(t: TestContext, options: RelationalOptions) {
  const definition = await defineRelational(options);
  afterwards(t, () => rm(definition.directory, { recursive: true, force: true }));
  const engine: Engine = await startEngine(t, definition);
  return { definition, engine, url: relationalUrl(options) };
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
