import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after } from 'node:test';
import { Pool } from 'undici';
import blueprint from '../../blueprint.ts';
import type { Problem } from '../../services/http/problem.ts';
import type { Entity } from '../../src/data/entity.ts';
import { migrate } from '../../src/data/relational/migrate.ts';
import { openEntityTable } from '../../src/data/table/entity-table.ts';
import { type Plan, plan } from '../../src/model/plan.ts';
import { serviceSettings } from '../../src/model/service-settings.ts';
import { freePort, type Lifetime, projectRoot, startDynamo, startPostgres, startValkey } from '../engines.ts';
import { eventually } from '../eventually.ts';

/** A running service process. */
export interface Task {
  readonly port: number;
  readonly process: ChildProcess;
  /** What it wrote so far. */
  readonly output: () => string;
}

/** What came back to a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** What is sent beside the method and the path. A body that is no text is sent as JSON. */
export interface Sent {
  readonly role?: 'reader' | 'editor' | 'admin';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The lifetime of the suite it is called in: what its hooks and tests open goes when the suite ends, the latest first. */
export function suiteLifetime(): Lifetime {
  const releases: (() => unknown)[] = [];
  after(async () => {
    for (let release = releases.pop(); release; release = releases.pop()) await release();
  });
  return { after: (release) => releases.push(release) };
}

/** Sends one request. */
export type Send = (method: string, path: string, sent?: Sent) => Promise<Answer>;

/** The engines of the services, real ones, the schema and the table in place. */
export async function startEngines(lifetime: Lifetime) {
  const [postgres, valkey, dynamo] = await Promise.all([
    startPostgres(lifetime),
    startValkey(lifetime),
    startDynamo(lifetime),
  ]);
  const table = openEntityTable({
    endpoint: dynamo.url,
    region: 'us-west-2',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    table: resolvedPlan().data.table,
  });
  await Promise.all([migrate(postgres.url), table.createTable()]);
  await table.close();
  return { postgres, valkey, dynamo };
}

type Engines = Awaited<ReturnType<typeof startEngines>>;

function resolvedPlan(): Plan {
  const { plan: resolved, mistakes } = plan(blueprint);
  if (!resolved) throw new Error(`the blueprint is not valid: ${JSON.stringify(mistakes)}`);
  return resolved;
}

const settingsOf = (service: string) => JSON.stringify(serviceSettings(resolvedPlan(), service));

/** What an entities task is told; plain HTTP to the catalog stands for the mesh. */
export function entitiesEnvironment({ postgres, valkey }: Engines, port: number, catalogPort: number) {
  return {
    PORT: String(port),
    SERVICE_NAME: 'microservice-a',
    TASK_ID: 'microservice-a-1',
    AWS_REGION: 'us-west-2',
    SERVICE_SETTINGS: settingsOf('microservice-a'),
    DATABASE_URL: postgres.url,
    CACHE_URL: valkey.url,
    MESH_EGRESS_URL: `http://127.0.0.1:${catalogPort}`,
    CATALOG_HOST: 'microservice-b.default.svc.cluster.local',
  };
}

/** What a catalog task is told. */
export function catalogEnvironment({ dynamo }: Engines, port: number) {
  return {
    PORT: String(port),
    SERVICE_NAME: 'microservice-b',
    TASK_ID: 'microservice-b-1',
    AWS_REGION: 'us-west-2',
    SERVICE_SETTINGS: settingsOf('microservice-b'),
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
}

/** Starts both services on running engines. */
export async function startServices(lifetime: Lifetime, engines: Engines) {
  const [port, catalogPort] = [await freePort(), await freePort()];
  const [catalog, entities] = await Promise.all([
    startTask(lifetime, 'catalog', catalogEnvironment(engines, catalogPort)),
    startTask(lifetime, 'entities', entitiesEnvironment(engines, port, catalogPort)),
  ]);
  return { catalog, entities, send: sender(lifetime, port), sendCatalog: sender(lifetime, catalogPort) };
}

/** Starts a service's process; ready when its health check says so. */
export async function startTask(
  lifetime: Lifetime,
  service: string,
  environment: { PORT: string },
): Promise<Task> {
  const task = spawnTask(service, environment);
  task.process.on('exit', (code) => {
    if (code) process.stderr.write(`${service} ended by itself:\n${task.output()}`);
  });
  lifetime.after(async () => {
    if (task.process.exitCode !== null || task.process.signalCode !== null) return;
    const exit = once(task.process, 'exit');
    task.process.kill('SIGKILL');
    await exit;
  });
  await eventually(async () => {
    if (task.process.exitCode !== null) throw new Error(`${service} ended: ${task.output()}`);
    const health = await fetch(`http://127.0.0.1:${task.port}/health`);
    if (health.status !== 200) throw new Error(`${service} is ${health.status}`);
  });
  return task;
}

/** Runs a service's entry point in a process. */
export function spawnTask(service: string, environment: Record<string, string> & { PORT: string }): Task {
  const chunks: string[] = [];
  const child = spawn(process.execPath, [join(projectRoot, 'services', service, 'main.ts')], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => chunks.push(String(chunk)));
  return { port: Number(environment.PORT), process: child, output: () => chunks.join('') };
}

/** Sends requests to a port as the gateway would: with the caller's role verified. */
export function sender(lifetime: Lifetime, port: number): Send {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 16 });
  lifetime.after(() => pool.destroy());
  return async (method, path, { role, headers = {}, body } = {}) => {
    const sent = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const answer = await pool.request({
      method,
      path,
      headers: {
        ...(role ? { 'x-strata-role': role, 'x-strata-principal': 'somebody' } : {}),
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    });
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  };
}

/** The entity in an answer. */
export function entityIn({ text }: Answer): Entity {
  return JSON.parse(text) as Entity;
}

/** The entities in an answer. */
export function pageIn({ text }: Answer): { items: Entity[]; cursor?: string } {
  return JSON.parse(text) as { items: Entity[]; cursor?: string };
}

/** The problem in an answer. */
export function problemIn({ text }: Answer): Problem {
  return JSON.parse(text) as Problem;
}
