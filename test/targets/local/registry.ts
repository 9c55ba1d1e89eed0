import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { EnginePackage } from '../../../src/targets/local/engines/packages.ts';
import { type Lifetime, temporaryFolder } from '../../engines.ts';

/** A package registry of one small engine (a shell script), which the real npm client talks to. */
export interface Registry {
  /** The engine as the table would pin it. */
  readonly pinned: EnginePackage;
  /** How often its archive was downloaded. */
  readonly downloads: () => number;
  /** Called before an archive is sent; what it waits for delays it. */
  beforeDownload: () => Promise<void>;
  /** Where it listens; npm is told through `npm_config_registry`. */
  readonly environment: Readonly<Record<string, string>>;
}

const script = '#!/bin/sh\necho "tiny 1.0.0"\n';
const manifest = { name: 'tiny-engine', version: '1.0.0' };

/** Starts the registry and points npm at it for the length of a test. */
export async function startRegistry(lifetime: Lifetime): Promise<Registry> {
  const folder = await temporaryFolder(lifetime);
  const archive = pack(folder);
  let downloads = 0;
  const server = createServer(async (request, response) => {
    if (!request.url?.endsWith('.tgz')) {
      const dist = { tarball: `${url()}/tiny-engine.tgz` };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ name: manifest.name, versions: { '1.0.0': { ...manifest, dist } } }));
      return;
    }
    downloads += 1;
    await registry.beforeDownload();
    response.end(archive);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = () => {
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  };
  const registry: Registry = {
    pinned: {
      version: '1.0.0',
      source: 'npm',
      packageVersion: '1.0.0',
      platforms: { [`${process.platform}-${process.arch}`]: platform(archive) },
      executables: { tiny: 'bin/tiny' },
      links: 'bin/links.json',
      variable: 'STRATA_TINY',
    },
    downloads: () => downloads,
    beforeDownload: async () => {},
    environment: { npm_config_registry: url(), npm_config_cache: join(folder, 'cache') },
  };
  setEnvironment(lifetime, registry.environment);
  lifetime.after(async () => {
    server.closeAllConnections();
    server.close();
  });
  return registry;
}

/** Lets the real pip find a wheel of the same engine in a folder, for the length of a test. */
export async function provideWheel(lifetime: Lifetime): Promise<EnginePackage> {
  const folder = await temporaryFolder(lifetime);
  const [engine, information] = [join(folder, 'tiny'), join(folder, 'tiny_engine-1.0.0.dist-info')];
  for (const part of [engine, information]) mkdirSync(part);
  writeFileSync(join(engine, 'tiny'), script);
  writeFileSync(join(information, 'METADATA'), 'Metadata-Version: 2.1\nName: tiny-engine\nVersion: 1.0.0\n');
  writeFileSync(join(information, 'WHEEL'), 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n');
  writeFileSync(join(information, 'RECORD'), '');
  const wheel = join(folder, 'tiny_engine-1.0.0-py3-none-any.whl');
  execFileSync('python3', ['-m', 'zipfile', '--create', wheel, engine, information]);
  setEnvironment(lifetime, { PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder });
  const { sha256 } = platform(readFileSync(wheel));
  const wanted = { name: manifest.name, sha256, keep: { 'tiny/tiny': 'tiny' } };
  return {
    version: '1.0.0',
    source: 'pip',
    packageVersion: '1.0.0',
    platforms: { [`${process.platform}-${process.arch}`]: wanted },
    executables: { tiny: 'tiny' },
    variable: 'STRATA_TINY',
  };
}

function setEnvironment(lifetime: Lifetime, environment: Readonly<Record<string, string>>): void {
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, environment);
  lifetime.after(async () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
}

function platform(archive: Buffer) {
  const sha256 = createHash('sha256').update(archive).digest('hex');
  return { name: manifest.name, sha256, keep: { 'package/bin': 'bin' } };
}

function pack(folder: string): Buffer {
  const bin = join(folder, 'package/bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(folder, 'package/package.json'), JSON.stringify(manifest));
  writeFileSync(join(bin, 'tiny'), script);
  writeFileSync(join(bin, 'libtiny.so.1.0'), 'library');
  writeFileSync(
    join(bin, 'links.json'),
    JSON.stringify([{ source: 'bin/libtiny.so.1.0', target: 'bin/libtiny.so.1' }]),
  );
  chmodSync(join(bin, 'tiny'), 0o644);
  execFileSync('tar', ['-czf', join(folder, 'tiny.tgz'), '-C', folder, 'package']);
  return readFileSync(join(folder, 'tiny.tgz'));
}
