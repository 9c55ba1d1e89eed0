import { join } from 'node:path';
import { migrate } from '../../data/relational/migrate.ts';
import { openSessionStore } from '../../data/sessions/store.ts';
import { openEntityTable } from '../../data/table/entity-table.ts';
import type { Plan } from '../../model/plan.ts';
import { cacheUrl, defineCache } from './cache.ts';
import type { StoreConnections } from './compute.ts';
import type { Engines } from './engines/acquisition.ts';
import type { StatePaths } from './paths.ts';
import type { ProcessDefinition } from './process.ts';
import { defineRelational, relationalUrl } from './relational.ts';
import type { Secrets } from './secrets.ts';
import { defineTable, tableConnection } from './table.ts';

/** Ports of the engines. */
export interface StorePorts {
  readonly relational: number;
  readonly cache: number;
  readonly cacheBus: number;
  readonly table: number;
}

/** What the engines are made of. */
export interface StoreOptions {
  readonly paths: StatePaths;
  readonly engines: Engines;
  readonly secrets: Secrets;
  readonly ports: StorePorts;
  readonly plan: Plan;
}

/** One engine: how it is started, and what has to be there before anybody uses it. */
export interface Store {
  readonly name: string;
  /** Equal for two plans exactly when the engine needs no restart between them. */
  readonly revision: string;
  /** Whether tasks can't start without it. */
  readonly essential: boolean;
  define(): Promise<ProcessDefinition>;
  /** Brings its schema to what the plan says; harmless when it is. */
  prepare(): Promise<void>;
}

/** How the tasks reach the engines. */
export function storeConnections({ secrets, ports, plan }: StoreOptions): StoreConnections {
  const { endpoint, accessKeyId, secretAccessKey } = tableConnection({
    port: ports.table,
    region: plan.region,
    ...secrets.table,
  });
  return {
    database: relationalUrl({ port: ports.relational, password: secrets.database.password }),
    cache: cacheUrl({ port: ports.cache, password: secrets.cache.password }),
    table: { endpoint, accessKeyId, secretAccessKey },
  };
}

/** The three engines: system of record, cache, lookup table. */
export function storesOf(options: StoreOptions): Store[] {
  const { paths, engines, secrets, ports, plan } = options;
  const tasks = Object.values(plan.compute.services).reduce((sum, service) => sum + service.tasks, 0);
  const connections = plan.data.relational.connections * spareTasks * Math.ceil(tasks / spareTasks + 1);
  return [
    {
      name: 'postgres',
      essential: true,
      revision: String(connections),
      define: () =>
        defineRelational({
          name: 'postgres',
          executables: engines.postgres,
          projectRoot: paths.root,
          dataFolder: join(paths.data, 'postgres'),
          port: ports.relational,
          password: secrets.database.password,
          connections,
        }),
      prepare: () => migrate(storeConnections(options).database),
    },
    {
      name: 'valkey',
      essential: false,
      revision: String(plan.data.cache.memory),
      define: () =>
        defineCache({
          name: 'valkey',
          executables: engines.valkey,
          dataFolder: join(paths.data, 'valkey'),
          port: ports.cache,
          busPort: ports.cacheBus,
          password: secrets.cache.password,
          maximumMemory: plan.data.cache.memory,
        }),
      prepare: async () => undefined,
    },
    {
      name: 'dynamodb',
      essential: true,
      revision: '',
      define: () =>
        defineTable({
          name: 'dynamodb',
          executables: engines.dynoxide,
          dataFolder: join(paths.data, 'dynamodb'),
          port: ports.table,
          region: plan.region,
          ...secrets.table,
        }),
      prepare: () => prepareTables(options),
    },
  ];
}

async function prepareTables(options: StoreOptions): Promise<void> {
  const { endpoint, ...credentials } = storeConnections(options).table;
  const { region, data } = options.plan;
  const client = { endpoint, region, credentials, connections: 1 };
  const tables = [
    openEntityTable({ ...client, table: data.table }),
    openSessionStore({ ...client, table: data.sessions.table }),
  ];
  await Promise.all(tables.map((table) => table.createTable().finally(() => table.close())));
}

/** Room for tasks that are added later, so that the database is not restarted for each. */
const spareTasks = 8;
