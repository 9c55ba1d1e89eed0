import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openPki } from '../../../src/targets/local/certificates.ts';
import { type StatePaths, statePaths } from '../../../src/targets/local/paths.ts';
import { type Lifetime, temporaryFolder } from '../../engines.ts';

const hour = 3_600_000;

async function paths(lifetime: Lifetime): Promise<StatePaths> {
  return statePaths(await temporaryFolder(lifetime));
}

test("a sidecar's certificate carries its SPIFFE id and lives for a day", async (t) => {
  const pki = await openPki(await paths(t), 'mesh');
  const files = await pki.ensure('catalog');
  const certificate = new X509Certificate(readFileSync(files.chain));
  assert.equal(certificate.subjectAltName, 'URI:spiffe://mesh/catalog, DNS:catalog');
  const life = certificate.validToDate.getTime() - Date.now();
  assert.ok(life <= 24 * hour && life > 24 * hour - 60_000);
  assert.ok(certificate.checkIssued(new X509Certificate(readFileSync(files.authority))));
});

test('a certificate is issued anew at half of its life, in the same files, and no sooner', async (t) => {
  const pki = await openPki(await paths(t), 'mesh');
  const files = await pki.ensure('catalog');
  await pki.ensure('entities');
  const serial = () => new X509Certificate(readFileSync(files.chain)).serialNumber;
  const first = serial();
  assert.deepEqual(await pki.renew(Date.now() + 11.9 * hour), []);
  assert.equal(serial(), first);
  assert.deepEqual(await pki.renew(Date.now() + 12.1 * hour), ['catalog', 'entities']);
  const second = serial();
  assert.notEqual(second, first);
  const key = new X509Certificate(readFileSync(files.chain)).publicKey.export({
    type: 'spki',
    format: 'pem',
  });
  assert.deepEqual(await pki.renew(Date.now() + 12.1 * hour), [], 'the new one is good for half a day');
  assert.deepEqual(await pki.renew(Date.now() + 25 * hour), ['catalog', 'entities']);
  assert.notEqual(
    new X509Certificate(readFileSync(files.chain)).publicKey.export({ type: 'spki', format: 'pem' }),
    key,
    'every certificate has a key of its own',
  );
});

test('a certificate that was asked for twice is issued once', async (t) => {
  const pki = await openPki(await paths(t), 'mesh');
  const [one, other] = await Promise.all([pki.ensure('catalog'), pki.ensure('catalog')]);
  assert.equal(one, other);
});

test('the authority outlives a restart', async (t) => {
  const state = await paths(t);
  const first = await (await openPki(state, 'mesh')).ensure('catalog');
  const authority = readFileSync(first.authority, 'utf8');
  const second = await (await openPki(state, 'mesh')).ensure('catalog');
  assert.equal(readFileSync(second.authority, 'utf8'), authority);
});

test('private keys are in files that their owner alone can read, in folders that nobody else can enter', async (t) => {
  const state = await paths(t);
  const pki = await openPki(state, 'mesh');
  await pki.ensure('catalog');
  await pki.renew(Date.now() + 13 * hour);
  const folders = [state.pki, join(state.pki, 'catalog')];
  for (const folder of folders) {
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    for (const entry of readdirSync(folder, { withFileTypes: true }).filter((one) => one.isFile())) {
      assert.equal(statSync(join(folder, entry.name)).mode & 0o777, 0o600, entry.name);
    }
  }
});
