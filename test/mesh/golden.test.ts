import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseAllDocuments, stringify } from 'yaml';
import { compileProxy } from '../../src/mesh/compile.ts';
import type { Address, ProxyEnvironment, ProxyReference } from '../../src/mesh/environment.ts';
import { meshOf } from './proxies.ts';

/** What a golden file starts with; a document for each compiled file follows. */
interface Input {
  readonly proxy: ProxyReference;
  readonly endpoints?: Record<string, Address[]>;
  readonly mesh: unknown;
}

const host = '127.0.0.1';
const health = { path: '/health', interval: 1000, timeout: 1000, healthyThreshold: 1, unhealthyThreshold: 2 };
const environment: ProxyEnvironment = {
  directory: '/envoy',
  admin: { host, port: 9901 },
  ingress: { host, port: 15000 },
  egress: { host, port: 15001 },
  application: { host, port: 8080 },
  certificates: { chain: '/pki/chain.pem', key: '/pki/key.pem', authority: '/pki/authority.pem' },
  trustDomain: 'mesh',
  health: { entities: health, catalog: health },
};

const folder = join(import.meta.dirname, 'golden');
const rewrite = process.env.STRATA_GOLDEN === 'write';

// Each file holds a mesh section and all it compiles to. STRATA_GOLDEN=write writes the output anew.
for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
  test(`${name.replace(/\.yaml$/, '').replaceAll('-', ' ')}`, () => {
    const path = join(folder, name);
    const [input, ...expected] = parseAllDocuments(readFileSync(path, 'utf8')).map((part) => part.toJS());
    const { proxy, endpoints = {}, mesh } = input as Input;
    const { files } = compileProxy(meshOf(mesh), proxy, { ...environment, endpoints });
    const actual = Object.entries(files).map(([file, content]) => ({ file, content }));
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
