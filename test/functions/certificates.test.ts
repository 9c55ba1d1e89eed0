import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { handler } from '../../functions/certificates/handler.ts';
import { openJsonService } from '../../src/data/account/json-service.ts';
import { openSecrets } from '../../src/data/account/secrets.ts';
import { startEmulator } from '../emulator.ts';
import { freePort, projectRoot, temporaryFolder } from '../engines.ts';
import { eventually } from '../eventually.ts';

const day = 86_400_000;
const services = ['catalog', 'entities', 'orders'];
const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

describe('the certificates of the mesh', async () => {
  const emulator = await startEmulator({ after });
  const account = {
    region: emulator.region,
    endpoint: emulator.url,
    credentials: async () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
  };
  const service = (name: string, target: string) =>
    openJsonService({
      ...account,
      service: name,
      target,
      protocol: '1.1',
      unavailable: (reason) => new Error(reason),
    });
  const [kms, manager] = [service('kms', 'TrentService'), service('secretsmanager', 'secretsmanager')];
  const secrets = openSecrets(account);
  const secretOf = (proxy: string) => `platform/mesh/${proxy}`;

  before(async () => {
    const { KeyMetadata } = await kms.call<{ KeyMetadata: { Arn: string } }>('CreateKey', {
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
    });
    for (const proxy of [...services, 'stranger']) {
      await manager.call('CreateSecret', { Name: secretOf(proxy), SecretString: 'made at random' });
    }
    Object.assign(process.env, emulator.variables, {
      AUTHORITY_KEY: KeyMetadata.Arn,
      TRUST_DOMAIN: 'mesh',
      CERTIFICATE_TTL: String(30 * day),
      AUTHORITY_TTL: String(3650 * day),
      SERVICES: JSON.stringify(Object.fromEntries(services.map((name) => [secretOf(name), name]))),
    });
  });
  after(async () => {
    await Promise.all([kms.close(), manager.close(), secrets.close()]);
  });

  /** A rotation as Secrets Manager carries it out. */
  async function rotated(proxy: string) {
    const token = randomUUID();
    for (const Step of steps) {
      await handler({ SecretId: secretOf(proxy), ClientRequestToken: token, Step });
    }
    return JSON.parse((await secrets.read(secretOf(proxy), 'AWSCURRENT')) ?? '');
  }

  test('are issued by an authority whose key never leaves its service', async () => {
    const { chain, key, authority } = await rotated('catalog');
    const [leaf, root] = [new X509Certificate(chain), new X509Certificate(authority)];
    assert.ok(leaf.checkIssued(root) && leaf.verify(root.publicKey));
    assert.ok(root.ca && root.verify(root.publicKey));
    assert.ok(leaf.checkPrivateKey(createPrivateKey(key)));
    assert.match(leaf.subjectAltName ?? '', /^URI:spiffe:\/\/mesh\/catalog, /);
    assert.ok(Math.abs(leaf.validToDate.getTime() - Date.now() - 30 * day) < 60_000);
  });

  test('are all of one authority, though nobody keeps its certificate', async () => {
    const first = await rotated('catalog');
    const second = await rotated('entities');
    const renewed = await rotated('catalog');
    assert.notEqual(renewed.chain, first.chain);
    const [root, other] = [new X509Certificate(first.authority), new X509Certificate(second.authority)];
    assert.equal(root.subject, other.subject);
    for (const { chain } of [first, second, renewed]) {
      const leaf = new X509Certificate(chain);
      assert.ok(leaf.checkIssued(other) && leaf.verify(root.publicKey));
    }
  });

  test('become current only when the last step says so, and each step may be repeated', async () => {
    const before = await secrets.read(secretOf('catalog'), 'AWSCURRENT');
    const event = { SecretId: secretOf('catalog'), ClientRequestToken: randomUUID() };
    for (const Step of ['createSecret', 'createSecret', 'setSecret', 'testSecret', 'testSecret']) {
      await handler({ ...event, Step });
    }
    assert.equal(await secrets.read(secretOf('catalog'), 'AWSCURRENT'), before);
    await handler({ ...event, Step: 'finishSecret' });
    await handler({ ...event, Step: 'finishSecret' });
    assert.notEqual(await secrets.read(secretOf('catalog'), 'AWSCURRENT'), before);
  });

  test("are not issued for a secret that is no service's, nor taken when they are none", async () => {
    const event = { SecretId: secretOf('stranger'), ClientRequestToken: randomUUID() };
    await assert.rejects(handler({ ...event, Step: 'createSecret' }), /is no service's/);
    await secrets.add(secretOf('stranger'), event.ClientRequestToken, '{"chain":"","key":"","authority":""}');
    await assert.rejects(handler({ ...event, Step: 'testSecret' }));
  });

  test('reach the proxy as files that are replaced when the secret is, by a process that says when it is ready', async (t) => {
    const folder = await temporaryFolder(t);
    const admin = createServer((_, response) => response.writeHead(isReady ? 200 : 503).end());
    let isReady = false;
    admin.listen(0, '127.0.0.1');
    await once(admin, 'listening');
    t.after(() => admin.close());
    const port = await freePort();
    const child = spawn(process.execPath, [join(projectRoot, 'services/certificates/main.ts')], {
      env: {
        ...process.env,
        SERVICE_NAME: 'orders',
        CERTIFICATE_SECRET: secretOf('orders'),
        CERTIFICATE_FOLDER: folder,
        CERTIFICATE_PERIOD: '100',
        READINESS_PORT: String(port),
        PROXY_ADMIN_URL: `http://127.0.0.1:${(admin.address() as { port: number }).port}`,
      },
      stdio: 'ignore',
    });
    t.after(() => child.kill('SIGKILL'));
    const readiness = async () => (await fetch(`http://127.0.0.1:${port}/`)).status;
    await eventually(async () => assert.equal(await readiness(), 503));
    await assert.rejects(stat(join(folder, 'chain.pem')), { code: 'ENOENT' });

    for (let turn = 0; turn < 2; turn += 1) {
      const { chain, key, authority } = await rotated('orders');
      await eventually(async () => assert.equal(await readFile(join(folder, 'chain.pem'), 'utf8'), chain));
      assert.equal(await readFile(join(folder, 'key.pem'), 'utf8'), key);
      assert.equal(await readFile(join(folder, 'authority.pem'), 'utf8'), authority);
      assert.equal((await stat(join(folder, 'key.pem'))).mode & 0o777, 0o600);
    }
    isReady = true;
    await eventually(async () => assert.equal(await readiness(), 200));
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
  });
});
