import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { spiffeId } from '../../src/kernel/spiffe.ts';
import { compileProxy } from '../../src/mesh/compile.ts';
import type { MeshDefinition } from '../../src/mesh/definition.ts';
import type { ProxyEnvironment, SecretSource } from '../../src/mesh/environment.ts';
import { trustDomainId } from '../../src/mesh/mutual-tls.ts';
import { trustDomainOf } from '../../src/mesh/platform-mesh.ts';
import { type Authority, createAuthority } from '../../src/security/certificates/authority.ts';
import { issueCertificate } from '../../src/security/certificates/certificate.ts';
import type { Engines } from '../../src/targets/local/engines/acquisition.ts';
import { defineProxy } from '../../src/targets/local/engines/proxy.ts';
import { createPortAllocator } from '../../src/targets/local/ports.ts';
import type { Address } from '../../src/targets/local/process.ts';
import { startReference } from '../reference/server.ts';
import { asPlatform, pairResources } from './definition.ts';

/** A small app, and the same app behind a sidecar pair with mutual TLS. */
export interface Pair {
  /** The app itself. */
  readonly direct: Address;
  /** Where a caller's app sends its calls: the first sidecar. */
  readonly egress: Address;
  /** The sidecars' processes. */
  readonly pids: Readonly<Record<'caller' | 'callee', number>>;
  stop(): void;
}

const day = 86_400_000;

/**
 * Starts two compiled sidecars and an app behind the second.
 * @param folder an empty folder for certificates and configuration
 */
export async function startPair(options: {
  readonly engines: Engines;
  readonly folder: string;
  readonly body: string;
}): Promise<Pair> {
  const { engines, folder, body } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const authority = await createAuthority({ name: 'bench', ttl: day });
  const mesh = asPlatform(pairResources);
  const nextPort = createPortAllocator();
  const address = async (): Promise<Address> => ({ host: '127.0.0.1', port: await nextPort() });
  const [ingress, egress] = [await address(), await address()];
  const app = await startReference('http-server', { BODY: body });
  const running: ChildProcess[] = [];
  const stop = () => {
    for (const proxy of running) proxy.kill('SIGKILL');
    app.stop();
  };
  const start = async (name: string, environment: Omit<ProxyEnvironment, 'directory' | 'admin'>) => {
    const proxy = await startProxy(engines, mesh, name, {
      ...environment,
      secrets: await secretsOf(join(folder, `${name}-pki`), authority, name),
      directory: join(folder, name),
      admin: await address(),
    });
    running.push(proxy);
    return proxy.pid ?? 0;
  };
  try {
    const callee = await start('callee', { listeners: { 8080: ingress }, applications: { 8080: app } });
    const caller = await start('caller', {
      listeners: {},
      egress: { address: egress, open: false },
      endpoints: { callee: [{ 8080: ingress }] },
    });
    return { direct: { host: app.host, port: app.port }, egress, pids: { caller, callee }, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

/** Writes a proxy's files, starts it as the platform does, and waits until it is ready. */
async function startProxy(
  engines: Engines,
  mesh: MeshDefinition,
  name: string,
  environment: ProxyEnvironment,
): Promise<ChildProcess> {
  const { directory, admin } = environment;
  await mkdir(directory);
  const { files } = compileProxy(mesh, { kind: 'node', name }, environment);
  for (const [file, content] of Object.entries(files)) {
    await writeFile(join(directory, file), JSON.stringify(content));
  }
  const definition = defineProxy({
    name,
    executables: engines.envoy,
    bootstrapFile: join(directory, 'bootstrap.json'),
    directory,
    admin,
  });
  const proxy = spawn(definition.command, definition.arguments, { cwd: directory, stdio: 'ignore' });
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const ready = await definition.probe().then(
      () => true,
      () => false,
    );
    if (ready) return proxy;
    await delay(25);
  }
  proxy.kill('SIGKILL');
  throw new Error(`the sidecar of ${name} was not ready within 5 s`);
}

const trustDomain = trustDomainOf(pairResources.name);

/** A proxy's certificate and the authority it trusts, in files of their own. */
async function secretsOf(folder: string, authority: Authority, name: string): Promise<SecretSource> {
  await mkdir(folder, { mode: 0o700 });
  const issued = await issueCertificate(authority, { service: name, trustDomain });
  const file = (part: string) => join(folder, `${part}.pem`);
  await writeFile(file('chain'), issued.chain);
  await writeFile(file('key'), issued.key, { mode: 0o600 });
  await writeFile(file('authority'), authority.pem);
  return {
    kind: 'files',
    secrets: {
      [spiffeId(trustDomain, name)]: { certificateChain: file('chain'), privateKey: file('key') },
      [trustDomainId(trustDomain)]: { authorities: file('authority') },
    },
  };
}
