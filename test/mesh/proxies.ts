import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spiffeId } from '../../src/kernel/spiffe.ts';
import { compileProxy } from '../../src/mesh/compile.ts';
import type { MeshDefinition } from '../../src/mesh/definition.ts';
import type {
  Address,
  AddressesByPort,
  ProxyEnvironment,
  ProxyReference,
  SecretSource,
} from '../../src/mesh/environment.ts';
import { trustDomainId } from '../../src/mesh/mutual-tls.ts';
import { platformMesh } from '../../src/mesh/platform-mesh.ts';
import { documentSchema } from '../../src/model/document.ts';
import { expandMesh } from '../../src/model/sections/mesh/expand.ts';
import { type Authority, createAuthority } from '../../src/security/certificates/authority.ts';
import { type IssuedCertificate, issueCertificate } from '../../src/security/certificates/certificate.ts';
import { type Engine, freePort, type Lifetime, startEnvoy, temporaryFolder } from '../engines.ts';

export const trustDomain = 'mesh';

/** A mesh section as a person writes it, as the platform runs it. */
export function meshOf(section: unknown): MeshDefinition {
  return platformMesh(expandMesh(documentSchema.shape.mesh.parse(section)));
}

/** The port of every listener in these tests. */
const port = 8080;

const health = { path: '/health', interval: 200, timeout: 1000, healthyThreshold: 1, unhealthyThreshold: 1 };

export interface RunningProxy extends Engine {
  readonly ingress: Address;
  readonly egress: Address;
  /** Where its certificate is read from. */
  readonly certificates: CertificateFiles;
  /** Compiles again and renames what changed into place. */
  apply(mesh: MeshDefinition, endpoints?: Record<string, readonly Address[]>): Promise<void>;
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

/** Files a certificate is read from, all in one folder. */
export interface CertificateFiles {
  readonly chain: string;
  readonly key: string;
  readonly authority: string;
}

/** Writes a certificate, and whom to trust, for a proxy to read. */
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
  mesh: MeshDefinition,
  proxy: ProxyReference,
  options: ProxyOptions,
): Promise<RunningProxy> {
  const folder = await temporaryFolder(lifetime);
  const issued = await issueCertificate(options.authority, { service: proxy.name, trustDomain });
  const certificates = await writeCertificate(join(folder, 'pki'), issued, options.authority);
  const directory = join(folder, 'envoy');
  await mkdir(directory);
  const [admin, ingress, egress] = [await freeAddress(), await freeAddress(), await freeAddress()];
  const environment: ProxyEnvironment = {
    directory,
    admin,
    listeners: { [port]: ingress },
    egress: { address: egress, open: false },
    ...(options.application ? { applications: { [port]: options.application } } : {}),
    secrets: secretsOf(proxy.name, certificates),
    health:
      options.checked === false
        ? {}
        : Object.fromEntries(Object.keys(mesh.virtualNodes).map((name) => [name, health])),
    endpoints: onPort({ ...noTasks(mesh), ...options.endpoints }),
  };
  const written = new Map<string, string>();
  let current = environment;
  const apply: RunningProxy['apply'] = async (next, endpoints) => {
    if (endpoints) current = { ...current, endpoints: onPort({ ...noTasks(next), ...endpoints }) };
    for (const [name, content] of Object.entries(compileProxy(next, proxy, current).files)) {
      const text = JSON.stringify(content, null, 2);
      if (written.get(name) === text) continue;
      await replace(join(directory, name), text);
      written.set(name, text);
    }
  };
  await apply(mesh);
  const engine = await startEnvoy(lifetime, { bootstrapFile: join(directory, 'bootstrap.json') });
  return Object.assign(engine, {
    ingress,
    egress,
    certificates,
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

/** The secrets of a proxy of the platform, from files. */
export function secretsOf(name: string, { chain, key, authority }: CertificateFiles): SecretSource {
  return {
    kind: 'files',
    secrets: {
      [spiffeId(trustDomain, name)]: { certificateChain: chain, privateKey: key },
      [trustDomainId(trustDomain)]: { authorities: authority },
    },
  };
}

/** Instances of nodes by the port of the definition. */
export function onPort(
  endpoints: Readonly<Record<string, readonly Address[]>>,
): Record<string, readonly AddressesByPort[]> {
  return Object.fromEntries(
    Object.entries(endpoints).map(([node, addresses]) => [
      node,
      addresses.map((address) => ({ [port]: address })),
    ]),
  );
}

function noTasks({ virtualNodes }: MeshDefinition): Record<string, readonly Address[]> {
  return Object.fromEntries(Object.keys(virtualNodes).map((name) => [name, []]));
}
