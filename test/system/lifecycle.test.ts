import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Entity } from '../../src/data/entity.ts';
import { eventually } from '../eventually.ts';
import { call } from './client.ts';
import { createProject, outcomeOf, type Project } from './project.ts';

/** Processes whose environment or command line names the project's folder. */
async function processesOf(project: Project): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    if (Number(pid) === process.pid) continue;
    const text = `${await read('cmdline')}\0${await read('environ')}`;
    if (text.includes(project.folder) && !(await read('stat')).includes(') Z '))
      found.push(text.split('\0').slice(0, 3).join(' '));
  }
  return found;
}

describe('starting and stopping', () => {
  test('Ctrl-C stops everything; after SIGKILL the next up finds every acknowledged write', async (t) => {
    const project = await createProject(t);
    const base = ['--port-base', String(project.portBase)];
    const first = project.start('up', ...base);
    const ended = outcomeOf(first);
    const ready = eventually(async () => assert.equal((await project.status()).ready, true), {
      timeout: 60_000,
      interval: 200,
    });
    await Promise.race([ready, ended.then(({ stdout, stderr }) => assert.fail(stdout + stderr))]);
    const { urls } = await project.status();
    const editor = await project.token('editor');
    const created = await call('POST', `${urls.gateway}/api/v1/secure`, {
      token: editor,
      body: { name: 'Kept', attributes: {} },
    });
    assert.equal(created.status, 201);
    const { id } = created.json<Entity>();

    first.kill('SIGINT');
    const outcome = await ended;
    assert.match(outcome.stdout, /ready in [\d.]+ s/);
    assert.deepEqual(await processesOf(project), []);

    const second = await project.strata('up', '--detach', ...base);
    assert.equal(second.code, 0, second.stdout + second.stderr);
    const { supervisor } = JSON.parse(await readFile(`${project.folder}/.strata/run.json`, 'utf8'));
    process.kill(supervisor.pid, 'SIGKILL');
    const third = await project.strata('up', '--detach', ...base);
    assert.equal(third.code, 0, third.stdout + third.stderr);
    const read = await call('GET', `${urls.gateway}/api/v1/secure/${id}`, {
      token: await project.token('reader'),
    });
    assert.equal(read.json<Entity>().name, 'Kept');

    assert.equal((await project.strata('down')).code, 0);
    assert.deepEqual(await processesOf(project), []);
    assert.equal((await project.strata('down')).code, 0, 'down may be repeated');
  });

  test('a command killed in the middle of a start leaves nothing that the next one meets', async (t) => {
    const project = await createProject(t);
    const words = ['up', '--detach', '--port-base', String(project.portBase)];
    for (const moment of [/engines/, /microservice-b/]) {
      const killed = project.start(...words);
      for await (const chunk of killed.stdout ?? []) if (moment.test(String(chunk))) break;
      killed.kill('SIGKILL');
      const next = await project.strata(...words);
      assert.equal(next.code, 0, next.stdout + next.stderr);
      assert.equal((await project.status()).ready, true);
      await project.strata('down');
    }
  });

  test('pages are there as soon as it is ready, and changed ones after the next up, also with what the edge keeps', async (t) => {
    const project = await createProject(t);
    const base = ['--port-base', String(project.portBase)];
    await rm(join(project.folder, 'clients/web/dist'), { recursive: true });
    const titleAfterUp = async () => {
      const { code, stdout, stderr } = await project.strata('up', '--detach', ...base);
      assert.equal(code, 0, stdout + stderr);
      const { status, body } = await call('GET', (await project.status()).urls.edge);
      return `${status} ${/<title>(.*?) · /.exec(body)?.[1]}`;
    };
    assert.equal(await titleAfterUp(), '200 Entities');
    const source = join(project.folder, 'clients/web/src/documents.ts');
    const change = async (from: string, to: string) =>
      writeFile(source, (await readFile(source, 'utf8')).replace(`title: '${from}'`, `title: '${to}'`));
    await change('Entities', 'Places');
    assert.equal(await titleAfterUp(), '200 Places');
    await project.strata('down');
    await change('Places', 'Towns');
    assert.equal(await titleAfterUp(), '200 Towns');
  });

  test('a taken port is one line with who has it and what to do, and nothing is left running', async (t) => {
    const project = await createProject(t);
    const server = createServer().listen(project.portBase + 1, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const up = await project.strata('up', '--detach', '--port-base', String(project.portBase));
    assert.equal(up.code, 1);
    assert.match(
      up.stderr,
      new RegExp(`✗ gateway: port ${project.portBase + 1} is in use by .*pid ${process.pid}.*--port-base`),
    );
    assert.deepEqual(await processesOf(project), []);
  });

  test('a wrong blueprint starts nothing; wrong usage is exit code 2', async (t) => {
    const project = await createProject(t);
    await project.edit("maxRetries: 3, perRetryTimeout: '2000ms'", "maxRetries: 30, perRetryTimeout: 'soon'");
    const up = await project.strata('up', '--detach', '--port-base', String(project.portBase));
    assert.equal(up.code, 1);
    assert.match(up.stdout + up.stderr, /retry\.maxRetries[\s\S]*retry\.perRetryTimeout/);
    assert.deepEqual(await processesOf(project), []);
    assert.equal((await project.strata('up', '--nonsense')).code, 2);
    assert.equal((await project.strata('nonsense')).code, 2);
    assert.equal((await project.strata('token')).code, 1, 'there is no token without a platform');
  });
});
