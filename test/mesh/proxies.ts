import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileProxy } from '../../src/mesh/compile.ts';
import type { Address, ProxyEnvironment, ProxyReference } from '../../src/mesh/environment.ts';
import type { Mesh } from '../../src/mesh/mesh.ts';
import { documentSchema } from '../../src/model/document.ts';
import { type Authority, createAuthority } from '../../src/security/certificates/authority.ts';
import { type IssuedCertificate, issueCertificate } from '../../src/security/certificates/certificate.ts';
import { type Engine, freePort, type Lifetime, startEnvoy, temporaryFolder } from '../engines.ts';

export const trustDomain = 'mesh';

/** A mesh section as a person writes it, with the model's defaults filled in. */
export function meshOf(section: unknown): Mesh {
  return documentSchema.shape.mesh.parse(section);
}

const health = { path: '/health', interval: 200, timeout: 1000, healthyThreshold: 1, unhealthyThreshold: 1 };

export interface RunningProxy extends Engine {
  readonly ingress: Address;
  readonly egress: Address;
  readonly environment: ProxyEnvironment;
  /** Compiles again and renames what changed into place. */
  apply(mesh: Mesh, endpoints?: Record<string, readonly Address[]>): Promise<void>;
  /** A counter or gauge of the admin interface; 0 when Envoy does not show it. */
  statistic(name: string): Promise<number>;
}

export interface ProxyOptions {
  readonly authority: Authority;
  readonly application?: Address;
  readonly endpoints?: Record<string, readonly Address[]>;
  readonly checked?: boolean;
}

let authority: Promise<Authority> | undefined;

/** The mesh's authority, one for each test file. */
export function meshAuthority(): Promise<Authority> {
  authority ??= createAuthority({ name: 'mesh authority', ttl: 3_600_000 });
  return authority;
}

/** Files a certificate is read from. */
export async function writeCertificate(folder: string, issued: IssuedCertificate, trusted: Authority) {
  await mkdir(folder, { recursive: true });
  const files = {
    chain: join(folder, 'chain.pem'),
    key: join(folder, 'key.pem'),
    authority: join(folder, 'authority.pem'),
  };
  await replace(files.chain, issued.chain);
  await replace(files.key, issued.key);
  await replace(files.authority, trusted.pem);
  return files;
}

/** Starts the Envoy of a node or of the gateway. `checked: false` leaves health checks out. */
export async function startProxy(
  lifetime: Lifetime,
  mesh: Mesh,
  proxy: ProxyReference,
  options: ProxyOptions,
): Promise<RunningProxy> {
  const folder = await temporaryFolder(lifetime);
  const service = proxy.kind === 'node' ? proxy.name : mesh.gateway.name;
  const issued = await issueCertificate(options.authority, { service, trustDomain });
  const directory = join(folder, 'envoy');
  await mkdir(directory);
  const environment: ProxyEnvironment = {
    directory,
    admin: await freeAddress(),
    ingress: await freeAddress(),
    egress: await freeAddress(),
    ...(options.application ? { application: options.application } : {}),
    certificates: await writeCertificate(join(folder, 'pki'), issued, options.authority),
    trustDomain,
    health:
      options.checked === false
        ? {}
        : Object.fromEntries(Object.keys(mesh.nodes).map((name) => [name, health])),
    endpoints: options.endpoints ?? {},
  };
  const written = new Map<string, string>();
  let current = environment;
  const apply: RunningProxy['apply'] = async (next, endpoints = current.endpoints ?? {}) => {
    current = { ...current, endpoints };
    for (const [name, content] of Object.entries(compileProxy(next, proxy, current).files)) {
      const text = JSON.stringify(content, null, 2);
      if (written.get(name) === text) continue;
      await replace(join(directory, name), text);
      written.set(name, text);
    }
  };
  await apply(mesh);
  const engine = await startEnvoy(lifetime, { bootstrapFile: join(directory, 'bootstrap.json') });
  const { admin, ingress, egress = ingress } = environment;
  return Object.assign(engine, {
    ingress,
    egress,
    environment,
    apply,
    statistic: async (name: string) => {
      const answer = await fetch(`http://${admin.host}:${admin.port}/stats?format=json&filter=^${name}$`);
      const { stats } = (await answer.json()) as { stats: { name?: string; value?: number }[] };
      return stats.find((stat) => stat.name === name)?.value ?? 0;
    },
  });
}

/** Writes beside the file and renames into place, as Envoy's watch needs it. */
export async function replace(file: string, content: string): Promise<void> {
  await writeFile(`${file}.new`, content, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

export async function freeAddress(): Promise<Address> {
  return { host: '127.0.0.1', port: await freePort() };
}
