import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'iovalkey';
import { Client } from 'pg';
import type { Scope } from '../../../gateway/gateway-under-test.ts';
import { createProject, type Project } from '../../../system/project.ts';
import { environmentSettings } from '../environment.ts';
import { type ProxyResources, proxySettings } from '../proxy.ts';
import type { Settings } from '../settings.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a whole platform that runs says of its services, their proxies and its database. */
export async function platformSettings(scope: Scope): Promise<Settings> {
  const project = await createProject(scope);
  const up = await project.strata('up', '--detach', '--port-base', String(project.portBase));
  assert.equal(up.code, 0, up.stdout + up.stderr);
  const { processes } = await project.status();
  const tasks = processes.filter(({ kind }) => kind === 'task');
  const proxies = processes.filter(({ kind }) => kind === 'proxy');
  const services = Map.groupBy(tasks, ({ name }) => serviceOf(name));
  const environments = await Promise.all(tasks.map(({ pid }) => settingsOf(pid)));
  const configured = await Promise.all(
    proxies.map(async ({ name }) => proxySettings(serviceOf(name), await resourcesOf(project, name))),
  );
  return {
    ...Object.fromEntries(
      [...services].map(([service, running]) => [`compute.services.${service}.tasks`, running.length]),
    ),
    ...Object.assign({}, ...environments.map(environmentSettings)),
    ...Object.assign({}, ...configured),
    ...(await schemaSettings(project)),
    'data.cache.memory': await cacheMemory(project),
  };
}

/** Of microservice-a-1 and microservice-a-1-envoy it is microservice-a. */
function serviceOf(process: string): string {
  return process.replace(/-\d+(-envoy)?$/, '');
}

/** What a running process was told to be. */
async function settingsOf(pid: number): Promise<string> {
  const variables = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0');
  const found = variables.find((variable) => variable.startsWith('SERVICE_SETTINGS='));
  assert.ok(found);
  return found.slice('SERVICE_SETTINGS='.length);
}

/** What a running proxy says it is configured with. */
async function resourcesOf({ folder }: Project, proxy: string): Promise<ProxyResources> {
  const bootstrap = JSON.parse(
    await readFile(join(folder, '.strata/envoy', proxy, 'bootstrap.json'), 'utf8'),
  );
  const { address, port_value: port } = bootstrap.admin.address.socket_address;
  const response = await fetch(`http://${address}:${port}/config_dump`);
  const { configs } = (await response.json()) as { readonly configs: readonly Json[] };
  const part = (type: string) =>
    configs.find((config) => String(config['@type']).endsWith(`.v3.${type}`)) ?? {};
  const dynamic = <Entry>(type: string, name: string) => (part(type)[name] ?? []) as readonly Entry[];
  return {
    listeners: dynamic<{ active_state: { listener: Json } }>('ListenersConfigDump', 'dynamic_listeners').map(
      ({ active_state }) => active_state.listener,
    ),
    clusters: dynamic<{ cluster: Json }>('ClustersConfigDump', 'dynamic_active_clusters').map(
      ({ cluster }) => cluster,
    ),
    routes: dynamic<{ route_config: Json }>('RoutesConfigDump', 'dynamic_route_configs').map(
      ({ route_config }) => route_config,
    ),
  };
}

/** Bytes the cache says it may hold. */
async function cacheMemory(project: Project): Promise<number> {
  const { cache } = await connectionsOf(project);
  const client = new Redis(cache);
  try {
    const [, bytes] = (await client.config('GET', 'maxmemory')) as string[];
    return Number(bytes);
  } finally {
    client.disconnect();
  }
}

async function connectionsOf({ folder }: Project): Promise<Record<'database' | 'cache', string>> {
  return JSON.parse(await readFile(join(folder, '.strata/run.json'), 'utf8')).connections;
}

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly length: number | null;
}

/** The catalogue's names of types, as the blueprint writes them. */
const types: Readonly<Record<string, string>> = { int8: 'bigint' };

/** What the database's catalogue says of the table that has an entity's attributes. */
async function schemaSettings(project: Project): Promise<Settings> {
  const { database } = await connectionsOf(project);
  const client = new Client({ connectionString: database });
  await client.connect();
  try {
    const { rows } = await client.query<Column>(
      `SELECT table_name AS table, column_name AS name, udt_name AS type, character_maximum_length AS length
       FROM information_schema.columns
       WHERE table_name = (SELECT table_name FROM information_schema.columns WHERE column_name = 'attributes')`,
    );
    return {
      'data.relational.table': rows[0]?.table ?? '',
      'data.relational.columns': rows
        .map(
          ({ name, type, length }) => `${name} ${types[type] ?? type}${length === null ? '' : `(${length})`}`,
        )
        .toSorted(),
    };
  } finally {
    await client.end();
  }
}
