import assert from 'node:assert/strict';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { acquire } from '../../src/targets/local/engines/acquisition.ts';
import { enginesFolder } from '../engines.ts';
import { createProject, outcomeOf, type Project } from '../system/project.ts';

describe('the command line, with nothing running', () => {
  let project: Project;
  const cleanups: (() => Promise<void>)[] = [];
  before(async () => {
    project = await createProject({ after: (cleanup) => cleanups.push(cleanup) });
  });
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });

  test('each command explains itself with an example', async () => {
    const help = await project.strata('help');
    assert.equal(help.code, 0);
    const names = [...help.stdout.matchAll(/^ {2}([a-z]+)(?= .* {2})/gm)].map((match) => match[1] ?? '');
    for (const name of ['up', 'down', 'status', 'plan', 'logs', 'token', 'load', 'bench', 'test', 'reset']) {
      assert.ok(names.includes(name), `${name} is in ${names}`);
      const own = await project.strata(name, '--help');
      assert.equal(own.code, 0);
      assert.match(own.stdout, new RegExp(`Example:\\n.*strata ${name}`), name);
    }
  });

  test('wrong usage is one line and exit code 2', async () => {
    const usages = [
      ['nonsense'],
      ['up', '--nonsense'],
      ['up', '--port-base', 'x'],
      ['token', '--role', 'king'],
      ['status', 'x'],
    ];
    for (const words of usages) {
      const { code, stdout, stderr } = await project.strata(...words);
      assert.equal(code, 2, words.join(' '));
      assert.equal(stdout, '');
      assert.match(stderr, /^✗ strata: .*\. See strata help\.\n$/, words.join(' '));
    }
  });

  test('a reader that goes away, as head does, is no failure to explain', async () => {
    const child = project.start('plan');
    child.stdout?.destroy();
    const { stderr } = await outcomeOf(child);
    assert.equal(stderr, '');
    assert.equal(child.signalCode, 'SIGTERM');
  });

  test('what needs a platform says that there is none, and how to start it', async () => {
    for (const words of [['status'], ['token'], ['users'], ['load', 'x.ndjson']]) {
      const { code, stderr } = await project.strata(...words);
      assert.equal(code, 1, words.join(' '));
      assert.equal(stderr, '✗ supervisor: the platform is not running. Start it with strata up.\n');
    }
  });

  test('status --json of nothing is not ready', async () => {
    const { code, stdout } = await project.strata('status', '--json');
    assert.equal(code, 1);
    assert.deepEqual(JSON.parse(stdout), { ready: false, urls: {}, processes: [] });
  });

  test('down with nothing running is done at once, again and again', async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      const { code, stdout } = await project.strata('down');
      assert.equal(code, 0);
      assert.match(stdout, /nothing was running/);
    }
  });

  test('logs prints one component, or all with their names, and names what there is', async () => {
    const logs = join(project.folder, '.strata', 'logs');
    await mkdir(logs, { recursive: true });
    await writeFile(join(logs, 'edge.log'), 'one\ntwo\n');
    await writeFile(join(logs, 'gateway.log'), 'three\n');
    assert.equal((await project.strata('logs', 'edge')).stdout, 'one\ntwo\n');
    assert.equal((await project.strata('logs')).stdout, 'edge    | one\nedge    | two\ngateway | three\n');
    const unknown = await project.strata('logs', 'valkey');
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /unknown component 'valkey'; there is edge, gateway/);
  });

  test('reset removes all state but the engines', async () => {
    const file = join(project.folder, '.strata', 'secrets.json');
    await writeFile(file, '{}');
    const { dynoxide } = await acquire('dynoxide', { enginesFolder });
    assert.equal((await project.strata('reset')).code, 0);
    await assert.rejects(readFile(file), { code: 'ENOENT' });
    await access(join(project.folder, '.strata', 'engines', relative(enginesFolder, dynoxide)));
  });

  test('plan shows the sections with values as a person writes them', async () => {
    const { code, stdout } = await project.strata('plan');
    assert.equal(code, 0);
    const titles = [...stdout.matchAll(/^(\d)\. /gm)].map((match) => match[1]);
    assert.deepEqual(titles, ['1', '2', '3', '4', '5', '6']);
    for (const part of [
      '1000/s',
      'token required',
      '2 tasks',
      '1 + 3 tries of 2s',
      'room for 2 full tries',
      'static 1h',
    ]) {
      assert.ok(stdout.includes(part), part);
    }
    const json = JSON.parse((await project.strata('plan', '--json')).stdout);
    assert.equal(json.gateway.routes[0].throttle.burst, 1000);
  });

  test('a blueprint that is no module is one line', async () => {
    const path = join(project.folder, 'blueprint.ts');
    const good = await readFile(path, 'utf8');
    await writeFile(path, 'export default {');
    const { code, stderr } = await project.strata('plan');
    await writeFile(path, good);
    assert.equal(code, 1);
    assert.match(stderr, /^✗ blueprint: blueprint\.ts could not be loaded \(.*\)\. Make it a module.*\n$/);
  });

  test('every mistake in a blueprint is listed with path, what was found, and what is allowed', async () => {
    await project.edit("ttl: '60s', query", "ttl: '2h', query");
    await project.edit('tasks: 2,', 'tasks: 0,');
    const { code, stderr } = await project.strata('plan');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /gateway\.routes\[0\]\.cache\.ttl\n\s+found '2h', allowed: at most 1h\n\s+see https:/,
    );
    assert.match(stderr, /compute\.services\["microservice-a"\]\.tasks\n\s+found 0/);
    assert.match(stderr, /✗ blueprint: blueprint\.ts has 2 mistakes to correct\..*nothing was started\.\n$/);
  });
});
