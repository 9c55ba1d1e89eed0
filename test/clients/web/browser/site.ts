import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { call } from '../../../system/client.ts';
import { createProject, type Project } from '../../../system/project.ts';
import { createVisitor, launchBrowser, type Visitor, type VisitorOptions } from './visitor.ts';

export interface Entity {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly attributes: Record<string, unknown>;
}

/** Where something is tidied up. */
type Lifetime = { after(fn: () => Promise<void>): void };

/** A running platform, and what its visitors and its neighbours do. */
export interface Site {
  readonly url: string;
  readonly gateway: string;
  readonly project: Project;
  readonly passwords: Readonly<Record<'reader' | 'editor' | 'admin', string>>;
  /** Somebody at a browser of their own. */
  readonly visit: (t: Lifetime, options?: VisitorOptions) => Promise<Visitor>;
  /** Creates an entity behind everyone's back. */
  readonly created: (name: string, attributes?: Record<string, unknown>) => Promise<Entity>;
  /** Changes an entity behind everyone's back. */
  readonly changed: (id: string, change: (entity: Entity) => unknown) => Promise<void>;
  /** An entity as the system of record has it. */
  readonly record: (id: string) => Promise<Entity>;
  /** Puts another version of the list's page at the origin, as a deployment does. */
  readonly publish: (addition: string) => Promise<void>;
}

/** What is there once the platform runs. */
interface Started extends Pick<Site, 'url' | 'gateway' | 'project' | 'passwords'> {
  readonly browser: Browser;
  readonly token: string;
}

/** A platform that runs during the tests of the suite it is made in. */
export function siteForTests(): Site {
  const cleanups: (() => Promise<void>)[] = [];
  let started: Started | undefined;
  before(async () => {
    started = await start((cleanup) => cleanups.push(cleanup));
  });
  after(async () => {
    await started?.browser.close();
    for (const cleanup of cleanups) await cleanup();
  });
  const now = () => started ?? assert.fail('the platform is not started');

  const record = async (id: string) => {
    const { gateway, token } = now();
    return (await call('GET', `${gateway}/api/v1/secure/${id}`, { token })).json<Entity>();
  };
  return {
    get url() {
      return now().url;
    },
    get gateway() {
      return now().gateway;
    },
    get project() {
      return now().project;
    },
    get passwords() {
      return now().passwords;
    },
    async visit(t, options = {}) {
      const { browser, url } = now();
      const visitor = await createVisitor(browser, url, options);
      t.after(() => visitor.context.close());
      return visitor;
    },
    async created(name, attributes = {}) {
      const { gateway, token } = now();
      const body = { name, attributes };
      const answer = await call('POST', `${gateway}/api/v1/secure`, { token, body });
      assert.equal(answer.status, 201, answer.body);
      return answer.json<Entity>();
    },
    async changed(id, change) {
      const { gateway, token } = now();
      const body = change(await record(id));
      const answer = await call('PUT', `${gateway}/api/v1/secure/${id}`, { token, body });
      assert.equal(answer.status, 200, answer.body);
    },
    record,
    publish: (addition) => publish(now().project, addition),
  };
}

async function start(after: (cleanup: () => Promise<void>) => void): Promise<Started> {
  const project = await createProject({ after });
  const [up, browser] = await Promise.all([
    project.strata('up', '--detach', '--port-base', String(project.portBase)),
    launchBrowser(),
  ]);
  assert.equal(up.code, 0, up.stdout + up.stderr);
  return {
    browser,
    project,
    url: `http://app.localhost:${project.portBase}`,
    gateway: (await project.status()).urls.gateway,
    passwords: JSON.parse((await project.strata('users', '--json')).stdout),
    token: await project.token('editor'),
  };
}

async function publish({ folder, strata }: Project, addition: string): Promise<void> {
  const dist = join(folder, 'clients/web/dist');
  const page = join(dist, 'index.html');
  const worker = join(dist, 'service-worker.js');
  await writeFile(page, (await readFile(page, 'utf8')).replace('</head>', `${addition}</head>`));
  const revised = (await readFile(worker, 'utf8')).replace(/(url:`\/`,revision:`)\w+/, '$1another');
  assert.match(revised, /revision:`another`/);
  await writeFile(worker, revised);
  const { code, stderr } = await strata('edge', 'invalidate', '/*');
  assert.equal(code, 0, stderr);
}
