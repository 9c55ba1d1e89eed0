import { compileProxy } from '../../src/mesh/compile.ts';
import type { MeshDefinition } from '../../src/mesh/definition.ts';
import type { ProxyEnvironment } from '../../src/mesh/environment.ts';
import { asPlatform } from './definition.ts';
import { knownTo, largeMesh, nodeName } from './large-mesh.ts';

/** What compiling every proxy of a large mesh took. */
export interface CompilationCost {
  /** Milliseconds for all proxies with mutual TLS, the median of the rounds; each begins with resources not seen before. */
  readonly milliseconds: number;
  /** Bytes of one proxy's files in JSON, the largest. */
  readonly largestBytes: number;
  /** Proxies whose files name a node that they neither call nor are called by, or miss one. */
  readonly wrong: readonly string[];
}

/** Compiles every proxy of a mesh with as many nodes as routes, all of it several times. */
export function measureCompilation(nodes: number, rounds: number): CompilationCost {
  const times: number[] = [];
  let largestBytes = 0;
  const wrong = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const resources = largeMesh(nodes);
    const started = performance.now();
    const mesh = asPlatform(resources);
    const compiled = Array.from({ length: nodes }, (_, index) => compile(mesh, nodeName(index, nodes)));
    times.push(performance.now() - started);
    for (const [index, files] of compiled.entries()) {
      const text = JSON.stringify(files);
      largestBytes = Math.max(largestBytes, Buffer.byteLength(text));
      const named = [...new Set(text.match(/node-\d{5}/g))].sort();
      if (named.join() !== knownTo(index, nodes).join()) wrong.add(nodeName(index, nodes));
    }
  }
  const milliseconds = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  return { milliseconds, largestBytes, wrong: [...wrong] };
}

const host = '127.0.0.1';

/** Where the secrets come from makes no difference to the work; a socket needs no list of all of them. */
function compile(mesh: MeshDefinition, name: string): Readonly<Record<string, object>> {
  const environment: ProxyEnvironment = {
    directory: '/etc/envoy',
    admin: { host, port: 9901 },
    listeners: { 8080: { host: '0.0.0.0', port: 8080 } },
    applications: { 8080: { host, port: 9080 } },
    egress: { address: { host, port: 15001 }, open: false },
    secrets: { kind: 'socket', path: '/run/secrets.sock' },
  };
  return compileProxy(mesh, { kind: 'node', name }, environment).files;
}
