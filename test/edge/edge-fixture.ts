import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, request as send } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import blueprint from '../../blueprint.ts';
import type { EdgeConfiguration, EdgeSettings } from '../../src/edge/configuration.ts';
import { type Edge, type EdgeOptions, openEdge } from '../../src/edge/edge.ts';
import type { BlueprintDocument } from '../../src/model/document.ts';
import { resolveAccess } from '../../src/model/sections/access/resolve.ts';
import { access as accessSection } from '../../src/model/sections/access.ts';

interface Cleanup {
  after(fn: () => Promise<void>): void;
}

/** A gateway of the test's own making, on a free port. */
export async function startGateway(t: Cleanup, listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  t.after(stop);
  return { host: '127.0.0.1', port, server, stop };
}

/** An origin folder with a page, an asset, and what must never be served. */
export async function makeOriginFolder(t: Cleanup): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'edge-'));
  t.after(() => rm(parent, { recursive: true, force: true }));
  const folder = join(parent, 'origin');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await mkdir(join(folder, 'guide'));
  await writeFile(join(parent, 'secret.txt'), 'secret');
  await writeFile(join(folder, '.env'), 'secret');
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(folder, 'guide', 'index.html'), 'guide');
  await writeFile(join(folder, 'letters.txt'), 'abcdefghij');
  await writeFile(join(folder, 'a b.txt'), 'space');
  await writeFile(join(folder, 'empty.txt'), '');
  await writeFile(join(folder, 'assets', 'index-DiwrgTda.js'), 'export {};');
  await symlink(join(parent, 'secret.txt'), join(folder, 'link.txt'));
  await symlink(parent, join(folder, 'up'));
  await utimes(join(folder, 'letters.txt'), 1_700_000_000, 1_700_000_000);
  return folder;
}

/** A section as the edge reads it: every default filled in, names not checked. */
export function accessOf(section: BlueprintDocument['access']): EdgeSettings {
  return resolveAccess(accessSection.parse(section));
}

/** A behaviour in front of the gateway that keeps nothing. */
export const passing = {
  origin: 'api',
  methods: 'all',
  cachePolicy: 'Managed-CachingDisabled',
  originRequestPolicy: 'Managed-AllViewerExceptHostHeader',
  responseHeadersPolicy: 'data',
} as const;

/** A configuration with the blueprint's origins and policies, everything of the API passed on. */
export function configurationOf(
  originFolder: string,
  gateway: { host: string; port: number },
  access: Partial<BlueprintDocument['access']> = {},
): EdgeConfiguration {
  return {
    port: 0,
    folders: { pages: originFolder },
    gateway: { host: gateway.host, port: gateway.port },
    plan: {
      access: accessOf({
        ...blueprint.access,
        functions: {},
        behaviors: [
          { path: '/api/*', ...passing },
          {
            path: '/assets/*',
            origin: 'pages',
            cachePolicy: 'hashed-assets',
            responseHeadersPolicy: 'pages',
          },
          { path: '/*', origin: 'pages', cachePolicy: 'documents', responseHeadersPolicy: 'pages' },
        ],
        ...access,
      }),
    },
  };
}

/** A running edge on a free port, closed at the end. */
export async function startEdge(
  t: Cleanup,
  configuration: EdgeConfiguration,
  options: EdgeOptions = {},
): Promise<Edge & { base: string }> {
  const edge = await openEdge(configuration, options);
  t.after(() => edge.close());
  return { ...edge, base: `http://127.0.0.1:${edge.address.port}` };
}

/** What came back for a request. */
export interface Received {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Sends a request with its target exactly as given: no client tidies the path up. */
export function exchange(
  edge: Edge,
  target: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const sent = send(
      { host: edge.address.host, port: edge.address.port, path: target, method, headers, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Sends bytes and answers all that comes back until the edge closes the connection. */
export function exchangeBytes(edge: Edge, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(edge.address.port, edge.address.host, () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}
