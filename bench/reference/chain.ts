import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createAuthority } from '../../src/security/certificates/authority.ts';
import { issueCertificate } from '../../src/security/certificates/certificate.ts';
import { createPortAllocator } from '../../src/targets/local/ports.ts';
import type { Address } from '../../src/targets/local/process.ts';
import { pairBootstraps } from './envoy-pair.ts';
import { type ReferenceServer, startReference } from './server.ts';

/**
 * The bare reference for the whole path: plain Node proxy → Envoy pair with mutual TLS → trivial Node app.
 * @param folder an empty folder for certificates and bootstraps
 */
export async function startChain(options: {
  readonly envoy: string;
  readonly folder: string;
  readonly body: string;
}): Promise<ReferenceServer> {
  const { envoy, folder, body } = options;
  const application = await startReference('http-server', { BODY: body });
  const nextPort = createPortAllocator();
  const front: Address = { host: '127.0.0.1', port: await nextPort() };
  const back: Address = { host: '127.0.0.1', port: await nextPort() };
  const bootstraps = pairBootstraps({ front, back, application, certificates: await certificates(folder) });
  const proxies = await Promise.all(
    Object.entries(bootstraps).map(async ([name, bootstrap]) => {
      const file = join(folder, `${name}.json`);
      await writeFile(file, JSON.stringify(bootstrap));
      return spawn(
        envoy,
        ['-c', file, '--concurrency', '1', '--disable-hot-restart', '--log-level', 'error'],
        {
          stdio: 'ignore',
        },
      );
    }),
  );
  const gateway = await startReference('http-proxy', { UPSTREAM: `http://${front.host}:${front.port}` });
  const stop = () => {
    for (const proxy of proxies) proxy.kill('SIGKILL');
    gateway.stop();
    application.stop();
  };
  try {
    await untilAnswered(gateway);
  } catch (error) {
    stop();
    throw error;
  }
  return { ...gateway, stop };
}

async function certificates(folder: string) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const authority = await createAuthority({ name: 'reference', ttl: 86_400_000 });
  const { chain, key } = await issueCertificate(authority, {
    service: 'reference',
    trustDomain: 'reference',
  });
  const files = {
    chain: join(folder, 'chain.pem'),
    key: join(folder, 'key.pem'),
    authority: join(folder, 'authority.pem'),
  };
  await writeFile(files.chain, chain);
  await writeFile(files.key, key, { mode: 0o600 });
  await writeFile(files.authority, authority.pem);
  return files;
}

async function untilAnswered({ host, port }: Address): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const status = await new Promise<number>((resolve) => {
      const call = request({ host, port, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      call.on('error', () => resolve(0));
      call.end();
    });
    if (status === 200) return;
    await delay(50);
  }
  throw new Error('the reference chain did not answer within 5 s');
}
