import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openPagesCertificate, pagesAuthorityFile } from '../../../src/targets/local/pages-certificate.ts';
import { statePaths } from '../../../src/targets/local/paths.ts';
import { type Lifetime, temporaryFolder } from '../../engines.ts';

const hour = 3_600_000;
const paths = async (lifetime: Lifetime) => statePaths(await temporaryFolder(lifetime));
const read = (file: string) => new X509Certificate(readFileSync(file));

test("the pages' certificate is for this machine's names, for a day, from an authority of its own", async (t) => {
  const state = await paths(t);
  const { files } = await openPagesCertificate(state);
  const [leaf, authority] = [read(files.chain), read(pagesAuthorityFile(state))];
  assert.equal(
    leaf.subjectAltName,
    'DNS:app.localhost, DNS:console.localhost, DNS:localhost, IP Address:127.0.0.1',
  );
  assert.ok(leaf.checkIssued(authority));
  assert.ok(leaf.validToDate.getTime() <= Date.now() + 24 * hour);
});

test('it is issued anew at half of its life, in the same files, and no sooner', async (t) => {
  const pages = await openPagesCertificate(await paths(t));
  const first = read(pages.files.chain).serialNumber;
  assert.equal(await pages.renew(Date.now() + 11.9 * hour), false);
  assert.equal(read(pages.files.chain).serialNumber, first);
  assert.equal(await pages.renew(Date.now() + 12.1 * hour), true);
  assert.notEqual(read(pages.files.chain).serialNumber, first);
});

test('whoever trusted the authority trusts it after a restart', async (t) => {
  const state = await paths(t);
  await openPagesCertificate(state);
  const { fingerprint256 } = read(pagesAuthorityFile(state));
  const { files } = await openPagesCertificate(state);
  assert.equal(read(pagesAuthorityFile(state)).fingerprint256, fingerprint256);
  assert.ok(read(files.chain).checkIssued(read(pagesAuthorityFile(state))));
});

test('its keys are in files that their owner alone can read', async (t) => {
  const state = await paths(t);
  await openPagesCertificate(state);
  const folder = join(state.pki, 'pages');
  for (const name of readdirSync(folder))
    assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
});
