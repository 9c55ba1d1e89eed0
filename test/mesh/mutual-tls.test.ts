import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import type { Address } from '../../src/mesh/environment.ts';
import { createAuthority } from '../../src/security/certificates/authority.ts';
import { type IssuedCertificate, issueCertificate } from '../../src/security/certificates/certificate.ts';
import { eventually } from '../eventually.ts';
import { send, startApplication } from './application.ts';
import { meshAuthority, meshOf, startProxy, trustDomain, writeCertificate } from './proxies.ts';
import { section } from './sections.ts';

test('a sidecar', async (t) => {
  const mesh = meshOf(section());
  const authority = await meshAuthority();
  const other = await createAuthority({ name: 'mesh authority', ttl: 3_600_000 });
  const catalog = await startApplication(t, 'catalog');
  const { address: application } = catalog;
  const sidecar = await startProxy(t, mesh, { kind: 'node', name: 'catalog' }, { authority, application });
  const refusals = (reason: string) =>
    sidecar.statistic(`listener.127.0.0.1_${sidecar.ingress.port}.ssl.${reason}`);
  const refused = async (reason: string, certificate?: IssuedCertificate) => {
    const before = await refusals(reason);
    await assert.rejects(call(sidecar.ingress, certificate));
    await eventually(async () => assert.equal(await refusals(reason), before + 1));
    assert.equal(catalog.requests.length, 0);
  };

  await t.test('refuses a client without a certificate', () => refused('fail_verify_no_cert'));

  await t.test('refuses a certificate of another authority of the same name', async () => {
    const certificate = await issueCertificate(other, { service: 'entities', trustDomain });
    await refused('fail_verify_error', certificate);
  });

  await t.test('refuses a certificate that has expired', async () => {
    const past = { ttl: 60_000, now: Date.now() - 120_000 };
    const old = await createAuthority({ name: 'mesh authority', ttl: 3_600_000, now: past.now });
    assert.ok(old);
    const certificate = await issueCertificate(authority, { service: 'entities', trustDomain, ttl: -1000 });
    await refused('fail_verify_error', certificate);
  });

  await t.test('refuses a service that does not list it as a backend', async () => {
    for (const service of ['stranger', 'ingress', 'catalog', 'entities2', 'entities/x']) {
      await refused(
        'fail_verify_san',
        await issueCertificate(authority, { service, trustDomain, hostnames: ['x'] }),
      );
    }
  });

  await t.test('refuses the right name of another trust domain', async () => {
    await refused(
      'fail_verify_san',
      await issueCertificate(authority, { service: 'entities', trustDomain: 'elsewhere' }),
    );
  });

  await t.test('refuses a name that only the host names carry', async () => {
    const hostnames = ['entities', 'entities.local'];
    await refused(
      'fail_verify_san',
      await issueCertificate(authority, { service: 'stranger', trustDomain, hostnames }),
    );
  });

  await t.test('accepts a service that lists it as a backend', async () => {
    const certificate = await issueCertificate(authority, { service: 'entities', trustDomain });
    assert.equal(await call(sidecar.ingress, certificate), 200);
  });

  await t.test('that no service lists refuses every one', async () => {
    const lonely = await startProxy(t, mesh, { kind: 'node', name: 'stranger' }, { authority, application });
    for (const service of ['entities', 'catalog', 'stranger', 'ingress']) {
      await assert.rejects(call(lonely.ingress, await issueCertificate(authority, { service, trustDomain })));
    }
  });

  await t.test('is not taken for another node by its callers', async () => {
    const endpoints = { entities: [sidecar.ingress] };
    const gateway = await startProxy(
      t,
      mesh,
      { kind: 'gateway', name: 'ingress' },
      { authority, endpoints, checked: false },
    );
    assert.equal((await send(gateway.ingress)).status, 503);
    assert.ok((await gateway.statistic('cluster.entities.upstream_cx_connect_fail')) > 0);
  });

  await t.test('takes a new certificate without a restart', async () => {
    const issued = await issueCertificate(authority, { service: 'catalog', trustDomain });
    const client = await issueCertificate(authority, { service: 'entities', trustDomain });
    await writeCertificate(dirname(sidecar.certificates.chain), issued, authority);
    const { serialNumber } = new X509Certificate(issued.chain);
    await eventually(async () => assert.equal(await servedSerial(sidecar.ingress, client), serialNumber));
  });
});

/** One request over HTTP/2 as the sidecar's peer; rejects when the connection is refused at any point. */
function call(to: Address, certificate?: IssuedCertificate): Promise<number> {
  return new Promise((resolve, reject) => {
    const session = connect(`https://${to.host}:${to.port}`, clientOptions(certificate));
    const stream = session.request({ ':path': '/' });
    stream.on('response', (headers) => {
      resolve(Number(headers[':status']));
      session.destroy();
    });
    session.on('error', reject);
    stream.on('error', reject);
    session.on('close', () => reject(new Error('closed without an answer')));
    stream.end();
  });
}

async function servedSerial(to: Address, certificate: IssuedCertificate): Promise<string> {
  const socket = connectTls({ ...to, ...clientOptions(certificate), ALPNProtocols: ['h2'] });
  await once(socket, 'secureConnect');
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

/** The server's name is of no interest here: whom it lets in is. */
function clientOptions(certificate?: IssuedCertificate) {
  return {
    rejectUnauthorized: false,
    ...(certificate ? { cert: certificate.chain, key: certificate.key } : {}),
  };
}
