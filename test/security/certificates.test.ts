import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { createAuthority, loadAuthority } from '../../src/security/certificates/authority.ts';
import { issueCertificate, issueServerCertificate } from '../../src/security/certificates/certificate.ts';
import { needsRenewal, renewalTime } from '../../src/security/certificates/validity.ts';

const hour = 3_600_000;
const authority = await createAuthority({ name: 'test authority', ttl: 48 * hour });
const request = { service: 'catalog', trustDomain: 'mesh', hostnames: ['catalog.local'] };

describe('a certificate of a service', () => {
  test('is signed by its authority and matches its key', async () => {
    const issued = await issueCertificate(authority, request);
    const [leaf, root] = [new X509Certificate(issued.chain), new X509Certificate(authority.pem)];
    assert.ok(leaf.verify(root.publicKey));
    assert.ok(leaf.checkIssued(root));
    assert.ok(leaf.checkPrivateKey(createPrivateKey(issued.key)));
    assert.equal(leaf.ca, false);
  });

  test('names the service by exactly one SPIFFE id, and by its host names', async () => {
    const leaf = new X509Certificate((await issueCertificate(authority, request)).chain);
    assert.equal(leaf.subjectAltName, 'URI:spiffe://mesh/catalog, DNS:catalog.local');
  });

  test('may serve and call, and nothing else', async () => {
    const leaf = new X509Certificate((await issueCertificate(authority, request)).chain);
    assert.deepEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  });

  test('has a serial number of its own', async () => {
    const issued = await Promise.all([1, 2, 3].map(() => issueCertificate(authority, request)));
    const serials = issued.map(({ chain }) => new X509Certificate(chain).serialNumber);
    assert.equal(new Set(serials).size, 3);
    for (const serial of serials) assert.match(serial, /^[4-7][0-9A-F]{31}$/);
  });

  test('never outlives its authority', async () => {
    const leaf = new X509Certificate(
      (await issueCertificate(authority, { ...request, ttl: 480 * hour })).chain,
    );
    assert.ok(leaf.validToDate <= new X509Certificate(authority.pem).validToDate);
  });
});

describe('an authority', () => {
  test('read back from its files signs what the old certificate verifies', async () => {
    const loaded = await loadAuthority({ certificate: authority.pem, key: authority.key });
    const leaf = new X509Certificate((await issueCertificate(loaded, request)).chain);
    assert.ok(leaf.verify(new X509Certificate(authority.pem).publicKey));
    assert.equal(loaded.pem, authority.pem);
  });

  test('is refused when the certificate is a service’s, or the key is none', async () => {
    const { chain, key } = await issueCertificate(authority, request);
    await assert.rejects(loadAuthority({ certificate: chain, key }), /not the certificate of an authority/);
    await assert.rejects(
      loadAuthority({ certificate: authority.pem, key: chain }),
      /not a PKCS #8 private key/,
    );
  });
});

describe('renewal', () => {
  test('is due from half of the life on', async () => {
    const now = Date.UTC(2026, 0, 1);
    const { chain } = await issueCertificate(await createAuthority({ name: 'a', ttl: 48 * hour, now }), {
      ...request,
      ttl: 24 * hour,
      now,
    });
    assert.equal(needsRenewal(chain, now), false);
    assert.equal(needsRenewal(chain, renewalTime(chain) - 1), false);
    assert.equal(needsRenewal(chain, renewalTime(chain)), true);
    assert.equal(needsRenewal(chain, now + 25 * hour), true);
    assert.ok(Math.abs(renewalTime(chain) - (now + 12 * hour)) <= 60_000);
  });

  test('is due when the certificate is not valid yet', async () => {
    const { chain } = await issueCertificate(authority, request);
    assert.equal(needsRenewal(chain, Date.now() - hour), true);
  });
});

describe('a certificate for browsers', () => {
  const names = { hostnames: ['app.localhost', 'localhost'], addresses: ['127.0.0.1'] };
  const permitted = {
    hosts: ['localhost'],
    addresses: [{ address: '127.0.0.0', mask: '255.0.0.0' }],
  };

  test('names hosts and addresses, may serve and not call', async () => {
    const leaf = new X509Certificate((await issueServerCertificate(authority, names)).chain);
    assert.equal(leaf.subjectAltName, 'DNS:app.localhost, DNS:localhost, IP Address:127.0.0.1');
    assert.deepEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1']);
    assert.ok(leaf.verify(new X509Certificate(authority.pem).publicKey));
  });

  test('is worth nothing for a name that its authority may not vouch for', async () => {
    const bound = await createAuthority({ name: 'bound', ttl: hour, permitted });
    const shake = async (request: typeof names) => {
      const { chain, key } = await issueServerCertificate(bound, request);
      const server = createServer({ cert: chain, key }, (served) => void served.destroy());
      server.on('tlsClientError', (_, served) => void served.destroy()).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const [servername = ''] = request.hostnames;
      const socket = connect({ port, host: '127.0.0.1', ca: bound.pem, servername });
      const outcome = await once(socket, 'secureConnect').then(
        () => 'trusted',
        (error: Error) => error.message,
      );
      socket.destroy();
      server.close();
      return outcome;
    };
    assert.equal(await shake(names), 'trusted');
    assert.equal(await shake({ ...names, hostnames: ['bank.example'] }), 'permitted subtree violation');
    assert.equal(await shake({ ...names, addresses: ['10.0.0.1'] }), 'permitted subtree violation');
  });
});
