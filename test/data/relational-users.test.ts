import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openDatabase } from '../../src/data/relational/connection.ts';
import { migrate } from '../../src/data/relational/migrate.ts';
import { createRelay } from '../../src/data/relational/relay.ts';
import { openEntityStore } from '../../src/data/relational/store.ts';
import { admitUsers } from '../../src/data/relational/users.ts';
import { createAuthority } from '../../src/security/certificates/authority.ts';
import { issueCertificate } from '../../src/security/certificates/certificate.ts';
import { startPostgres, temporaryFolder } from '../engines.ts';
import { eventually } from '../eventually.ts';

const user = 'microservice-a';

describe('a service as a user of the database', async () => {
  const engine = await startPostgres({ after });
  const owner = openDatabase({ url: engine.url, connections: 2, name: 'owner', statementTimeout: 5000 });
  const folder = await temporaryFolder({ after });
  const authorityFile = join(folder, 'authority.pem');
  const authority = await createAuthority({ name: 'database', ttl: 3_600_000 });
  /** As a service's address is in the account: a user without a password, and whom to trust. */
  const address = new URL(engine.url);
  address.hostname = 'localhost';
  address.username = user;
  address.password = '';
  address.searchParams.set('sslmode', 'verify-full');
  address.searchParams.set('sslrootcert', authorityFile);
  const url = address.href;

  const setPassword = async (password: string) => {
    await owner.begin((transaction) => transaction.script(`ALTER ROLE "${user}" PASSWORD '${password}'`));
  };
  const writeOnServer = async (name: string, content: string) => {
    const [{ data }] = await owner<[{ data: string }]>`SELECT current_setting('data_directory') AS data`;
    const encoded = Buffer.from(content).toString('base64');
    await owner.begin((transaction) =>
      transaction.script(
        `COPY (SELECT '') TO PROGRAM 'umask 077; echo ${encoded} | base64 -d > ${data}/${name}'`,
      ),
    );
  };

  before(async () => {
    const { chain, key } = await issueCertificate(authority, {
      service: 'database',
      trustDomain: 'test',
      hostnames: ['localhost'],
    });
    await writeFile(authorityFile, authority.pem);
    await writeOnServer('server.crt', chain);
    await writeOnServer('server.key', key);
    await owner`ALTER SYSTEM SET ssl = on`;
    await owner`SELECT pg_reload_conf()`;
    await migrate(engine.url);
    await owner.begin((transaction) => transaction.script('CREATE ROLE rds_iam'));
    await admitUsers(engine.url, [user]);
    await setPassword('first');
    await eventually(async () => {
      const [row] = await owner<[{ ssl: string }]>`SELECT current_setting('ssl') AS ssl`;
      assert.equal(row.ssl, 'on');
    });
  });
  after(() => owner.end());

  test('is admitted again without harm, by several at the same time, and signs in by IAM', async () => {
    await Promise.all([admitUsers(engine.url, [user, 'b"; DROP']), admitUsers(engine.url, [user])]);
    const [row] = await owner<[{ member: boolean }]>`
      SELECT pg_has_role(${user}, 'rds_iam', 'MEMBER') AS member`;
    assert.equal(row.member, true);
  });

  test('does all a service does, over an encrypted connection', async (t) => {
    const store = openEntityStore({ url, password: async () => 'first', connections: 2 });
    t.after(() => store.close());
    const delivered: string[] = [];
    const relay = createRelay({
      url,
      password: async () => 'first',
      deliver: async (changes) => {
        delivered.push(...changes.map(({ id, version }) => `${id} ${version}`));
      },
      invalidate: async () => {
        throw new Error('no cache');
      },
    });
    t.after(() => relay.stop());
    const created = await store.create({ name: 'Bern', attributes: {} });
    assert.equal(created.outcome, 'done');
    const { id } = created.entity;
    assert.equal(
      (await store.merge(id, ({ name }) => ({ name, attributes: { capital: true } }))).outcome,
      'done',
    );
    assert.equal((await store.list({ limit: 10 })).items.length, 1);
    const request = { principal: 'p', key: 'k', fingerprint: 'f' };
    const answer = { status: 201, headers: {}, body: '' };
    await store.once(request, async () => answer);
    assert.equal((await store.remove(id)).outcome, 'done');
    relay.start();
    await eventually(async () => {
      assert.ok(delivered.includes(`${id} 3`));
      assert.ok((await store.debt()) > 0);
    });
    await store.settleDebt(await store.debt());
    const encrypted = await owner<{ ssl: boolean }[]>`
      SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = ${user}`;
    assert.ok(encrypted.length > 0 && encrypted.every(({ ssl }) => ssl));
  });

  test('changes no schema and sees no migration', async (t) => {
    const database = openDatabase({
      url,
      password: async () => 'first',
      connections: 1,
      name: 'service',
      statementTimeout: 5000,
    });
    t.after(() => database.end());
    const refused = { code: '42501' };
    await assert.rejects(database`ALTER TABLE entities ADD COLUMN more TEXT`, refused);
    await assert.rejects(database`CREATE TABLE more (id INT)`, refused);
    await assert.rejects(database`SELECT * FROM migrations`, refused);
  });

  test('is asked for a password at each connection, so that one may change', async (t) => {
    let password = 'first';
    const store = openEntityStore({ url, password: async () => password, connections: 1 });
    t.after(() => store.close());
    await store.ping();
    await setPassword('second');
    password = 'second';
    await owner`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ${user}`;
    await eventually(() => store.ping());
    const stale = openEntityStore({ url, password: async () => 'first', connections: 1 });
    t.after(() => stale.close());
    await assert.rejects(stale.ping(), { code: 'database-unavailable', status: 503 });
  });

  test('speaks to no server of another authority, and never in the clear', async (t) => {
    const other = join(folder, 'other.pem');
    await writeFile(other, (await createAuthority({ name: 'other', ttl: 3_600_000 })).pem);
    const elsewhere = new URL(url);
    elsewhere.searchParams.set('sslrootcert', other);
    const store = openEntityStore({ url: elsewhere.href, password: async () => 'second', connections: 1 });
    t.after(() => store.close());
    await assert.rejects(store.ping(), /certificate|unavailable/);
    await owner`ALTER SYSTEM SET ssl = off`;
    await owner`SELECT pg_reload_conf()`;
    const plain = openEntityStore({ url, password: async () => 'second', connections: 1 });
    t.after(() => plain.close());
    await eventually(() => assert.rejects(plain.ping(), { code: 'database-unavailable' }));
  });
});
