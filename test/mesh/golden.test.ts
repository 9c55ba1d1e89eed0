import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments, stringify } from 'yaml';
import { compileProxy } from '../../src/mesh/compile.ts';
import type { MeshDefinition } from '../../src/mesh/definition.ts';
import type { Address, ProxyEnvironment, ProxyReference } from '../../src/mesh/environment.ts';
import { checkResources } from '../../src/model/mesh/resources.ts';
import { specificationMistakes } from '../../src/model/mesh/specification.ts';
import { meshOf, onPort, secretsOf } from './proxies.ts';

/** What a golden file starts with; a document for each compiled file follows. */
interface Input {
  readonly proxy: ProxyReference;
  /** The blueprint's mesh section, as the platform runs it; or App Mesh's resources, as they are. */
  readonly section?: unknown;
  readonly resources?: Partial<MeshDefinition>;
  /** Where instances of nodes listen on port 8080. */
  readonly endpoints?: Record<string, Address[]>;
  /** What differs from the environment below. */
  readonly environment?: Partial<ProxyEnvironment>;
  /** The files that matter; all when left out. */
  readonly files?: readonly string[];
}

const host = '127.0.0.1';
const health = { path: '/health', interval: 1000, timeout: 1000, healthyThreshold: 1, unhealthyThreshold: 2 };
const usual: ProxyEnvironment = {
  directory: '/envoy',
  admin: { host, port: 9901 },
  listeners: { 8080: { host, port: 15000 } },
  applications: { 8080: { host, port: 8080 } },
  egress: { address: { host, port: 15001 }, open: false },
};

const folder = join(import.meta.dirname, 'golden');
const rewrite = process.env.STRATA_GOLDEN === 'write';

// Each file holds a mesh and what one of its proxies compiles to. STRATA_GOLDEN=write writes the output anew.
for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
  test(`${name.replace(/\.yaml$/, '').replaceAll('-', ' ')}`, () => {
    const path = join(folder, name);
    const [input, ...expected] = parseAllDocuments(readFileSync(path, 'utf8')).map((part) => part.toJS());
    const actual = compiled(input as Input);
    if (rewrite) {
      writeFileSync(
        path,
        [input, ...actual].map((part) => stringify(part, { lineWidth: 110 })).join('---\n'),
      );
    } else {
      assert.deepEqual(JSON.parse(JSON.stringify(actual)), expected);
    }
  });
}

function compiled({ proxy, section, resources, endpoints, environment, files: shown }: Input) {
  const own: Partial<ProxyEnvironment> = section
    ? {
        identity: `spiffe://mesh/${proxy.name}`,
        secrets: secretsOf(proxy.name, {
          chain: '/pki/chain.pem',
          key: '/pki/key.pem',
          authority: '/pki/authority.pem',
        }),
        health: { entities: health, catalog: health },
        endpoints: onPort({ entities: [], catalog: [], ...endpoints }),
      }
    : {};
  const mesh = section ? meshOf(section) : meshFrom(resources ?? {});
  const { files } = compileProxy(mesh, proxy, { ...usual, ...own, ...environment });
  const missing = shown?.filter((file) => !(file in files)) ?? [];
  assert.deepEqual(missing, [], 'files that are not compiled');
  return Object.entries(files)
    .filter(([file]) => shown === undefined || shown.includes(file))
    .map(([file, content]) => ({ file, content }));
}

/** A mesh of these resources, which App Mesh would have taken. */
function meshFrom(resources: Partial<MeshDefinition>): MeshDefinition {
  const mesh = {
    name: 'mesh',
    spec: {},
    virtualNodes: {},
    virtualServices: {},
    virtualRouters: {},
    virtualGateways: {},
    ...resources,
  };
  assert.deepEqual([...specificationMistakes(mesh)], []);
  assert.deepEqual(checkResources(mesh), []);
  return mesh;
}
