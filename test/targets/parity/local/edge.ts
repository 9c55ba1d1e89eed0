import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EdgeConfiguration } from '../../../../src/edge/configuration.ts';
import { openEdge } from '../../../../src/edge/edge.ts';
import { withPageScripts } from '../../../../src/edge/page-scripts.ts';
import { pagesFolder } from '../../../../src/edge/pages-folder.ts';
import { callPort, type Scope, startService } from '../../../gateway/gateway-under-test.ts';
import { root } from '../../aws/plan.ts';
import type { Settings } from '../settings.ts';
import { startHoldingOrigin, timeout } from './held-time.ts';

type Access = EdgeConfiguration['plan']['access'];

/** Names of the header fields the edge's response headers policy is about. */
const policyHeaders = [
  'content-security-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'permissions-policy',
  'referrer-policy',
  'reporting-endpoints',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
];

/** What an edge that runs with this configuration does, found out from outside by asking it. */
export async function edgeSettings(scope: Scope, access: Access): Promise<Settings> {
  const service = await startService(scope);
  const port = await start(scope, access, service.port);
  const behaviors: Settings[] = [];
  for (const { path, responseHeadersPolicy } of access.behaviors) {
    const before = service.received.length;
    const { headers } = await callPort(port, path.replace('*', 'index.html'));
    const origin = nameOf(access, service.received.length > before ? 'gateway' : 'folder');
    behaviors.push({
      [`access.behaviors.${path}.path`]: path,
      [`access.behaviors.${path}.origin`]: origin,
      'access.explain': headers['server-timing'] !== undefined,
      ...Object.fromEntries(
        policyHeaders
          .filter((name) => headers[name] !== undefined)
          .map((name) => [`edge.headers.${responseHeadersPolicy}.${name}`, String(headers[name])]),
      ),
    });
  }
  return {
    ...Object.assign({}, ...behaviors),
    'access.clientTimeout': await clientTimeout(scope, access),
  };
}

/** The origin of a kind. */
function nameOf({ origins }: Access, kind: 'gateway' | 'folder'): string {
  return Object.keys(origins).find((name) => kind in (origins[name] ?? {})) ?? '';
}

async function clientTimeout(scope: Scope, access: Access): Promise<number> {
  const origin = await startHoldingOrigin(scope);
  const port = await start(scope, access, origin.port);
  const path = access.behaviors.find(({ origin }) => origin === nameOf(access, 'gateway'))?.path ?? '/';
  return timeout(origin, () => callPort(port, path.replace('*', 'held')));
}

/** The policies as `up` has them: with the hashes of the scripts that the project's own pages have. */
function policiesOf({ origins, responseHeadersPolicies }: Access): Access['responseHeadersPolicies'] {
  const folders = Object.values(origins).flatMap((origin) =>
    'folder' in origin ? [pagesFolder(root, origin.folder)] : [],
  );
  return withPageScripts(responseHeadersPolicies, folders);
}

async function start(scope: Scope, access: Access, gatewayPort: number): Promise<number> {
  const originFolder = await mkdtemp(join(tmpdir(), 'strata-parity-'));
  await writeFile(join(originFolder, 'index.html'), '<!doctype html><title>page</title>');
  const edge = await openEdge({
    port: 0,
    plan: { access: { ...access, responseHeadersPolicies: policiesOf(access) } },
    folders: Object.fromEntries(Object.keys(access.origins).map((name) => [name, originFolder])),
    gateway: { host: '127.0.0.1', port: gatewayPort },
  });
  scope.after(async () => {
    await edge.close();
    await rm(originFolder, { recursive: true });
  });
  return edge.address.port;
}
