import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Entity } from '../../src/data/entity.ts';
import { eventually } from '../eventually.ts';
import { type Answer, type Call, call } from './client.ts';
import { createProject, type Project, type Status } from './project.ts';

describe('the platform', () => {
  let project: Project;
  let urls: Status['urls'];
  const tokens: Record<'reader' | 'editor' | 'admin', string> = { reader: '', editor: '', admin: '' };
  const gateway = (method: string, path: string, more?: Call) => call(method, `${urls.gateway}${path}`, more);
  const create = async (body: unknown): Promise<Entity> => {
    const answer = await gateway('POST', '/api/v1/secure', { token: tokens.editor, body });
    assert.equal(answer.status, 201, answer.body);
    return answer.json<Entity>();
  };

  const cleanups: (() => Promise<void>)[] = [];
  before(async () => {
    project = await createProject({ after: (cleanup) => cleanups.push(cleanup) });
    const up = await project.strata('up', '--detach', '--port-base', String(project.portBase));
    assert.equal(up.code, 0, up.stdout + up.stderr);
    assert.match(up.stdout, /ready in [\d.]+ s/);
    urls = (await project.status()).urls;
    for (const role of ['reader', 'editor', 'admin'] as const) tokens[role] = await project.token(role);
  });
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });

  test('status names every process of the request path, healthy', async () => {
    const { ready, processes } = await project.status();
    assert.equal(ready, true);
    const kinds = Map.groupBy(processes, ({ kind }) => kind);
    assert.equal(kinds.get('task')?.length, 3, 'two tasks of microservice-a, one of microservice-b');
    assert.equal(kinds.get('proxy')?.length, 4, 'a sidecar for each task, and the ingress');
    assert.equal(kinds.get('engine')?.length, 3);
    for (const { name, state, pid, rssBytes } of processes) {
      assert.equal(state, 'healthy', name);
      assert.ok(pid > 0 && rssBytes > 0, name);
    }
  });

  test('the sample places are there, newest first, page by page', async () => {
    const first = await gateway('GET', '/api/v1/data?limit=2');
    assert.equal(first.status, 200);
    const page = first.json<{ items: Entity[]; cursor: string }>();
    assert.equal(page.items.length, 2);
    const second = await gateway('GET', `/api/v1/data?limit=2&cursor=${encodeURIComponent(page.cursor)}`);
    const ids = [...page.items, ...second.json<{ items: Entity[] }>().items].map(({ id }) => id);
    assert.equal(new Set(ids).size, 4);
  });

  test('an entity is created, read, replaced, patched and deleted with the roles of the contract', async () => {
    const created = await gateway('POST', '/api/v1/secure', {
      token: tokens.editor,
      body: { name: 'Delft', attributes: { country: 'NL' } },
    });
    assert.equal(created.status, 201);
    const { id, version } = created.json<Entity>();
    assert.equal(created.headers.location, `/api/v1/secure/${id}`);
    assert.equal(version, 1);

    const read = await gateway('GET', `/api/v1/secure/${id}`, { token: tokens.reader });
    assert.equal(read.status, 200);
    const etag = read.headers.etag ?? '';
    const replaced = await gateway('PUT', `/api/v1/secure/${id}`, {
      token: tokens.editor,
      headers: { 'if-match': etag },
      body: { name: 'Delft', attributes: { country: 'NL', river: 'Schie' } },
    });
    assert.equal(replaced.status, 200, replaced.body);
    const stale = await gateway('PUT', `/api/v1/secure/${id}`, {
      token: tokens.editor,
      headers: { 'if-match': etag },
      body: { name: 'X', attributes: {} },
    });
    assert.equal(stale.status, 412);
    const patched = await gateway('PATCH', `/api/v1/secure/${id}`, {
      token: tokens.editor,
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { attributes: { river: null } },
    });
    assert.deepEqual(patched.json<Entity>().attributes, { country: 'NL' });

    assert.equal((await gateway('DELETE', `/api/v1/secure/${id}`, { token: tokens.editor })).status, 403);
    assert.equal((await gateway('DELETE', `/api/v1/secure/${id}`, { token: tokens.admin })).status, 204);
    assert.equal((await gateway('GET', `/api/v1/secure/${id}`, { token: tokens.reader })).status, 404);
  });

  test('what the gateway refuses has the shape of the vendor', async () => {
    const { id } = await create({ name: 'Refused', attributes: {} });
    const refused: [string, string, Call, number, RegExp][] = [
      ['GET', '/api/v1/nothing', {}, 403, /Missing Authentication Token/],
      ['DELETE', '/api/v1/data', {}, 403, /Missing Authentication Token/],
      ['GET', `/api/v1/secure/${id}`, {}, 401, /Unauthorized/],
      ['GET', `/api/v1/secure/${id}`, { token: 'nonsense' }, 401, /Unauthorized/],
      ['GET', '/api/v1/data', { token: 'nonsense' }, 401, /Unauthorized/],
      [
        'POST',
        '/api/v1/secure',
        { token: tokens.reader, body: { name: 'x', attributes: {} } },
        403,
        /not authorized|explicit deny/i,
      ],
    ];
    for (const [method, path, more, status, message] of refused) {
      const answer = await gateway(method, path, more);
      assert.equal(answer.status, status, `${method} ${path}: ${answer.body}`);
      assert.match(answer.json<{ message: string }>().message, message);
      assert.ok(answer.headers['x-amzn-errortype'], `${method} ${path} names its error type`);
    }
  });

  test('what the service refuses is a problem with the path of the field', async () => {
    const wrong: [Call['body'], number][] = [
      ['{"name":', 400],
      [{ name: '', attributes: {} }, 400],
      [{ name: 'x'.repeat(256), attributes: {} }, 400],
      [{ name: 'a\u0000b', attributes: {} }, 400],
      [{ name: 'x', attributes: {}, colour: 'red' }, 400],
      [{ name: 'x', attributes: [] }, 400],
      [{ name: 'x', attributes: JSON.parse(`${'{"a":'.repeat(31)}1${'}'.repeat(31)}`) }, 400],
      ['{"name":"x","attributes":{"lone":"\\ud800"}}', 400],
    ];
    for (const [body, status] of wrong) {
      const answer = await gateway('POST', '/api/v1/secure', { token: tokens.editor, body });
      assert.equal(answer.status, status, JSON.stringify(body).slice(0, 80));
      assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/);
      assert.ok(answer.json().type, 'a stable type');
    }
    assert.equal((await gateway('GET', '/api/v1/data/not-a-uuid')).status, 400);
    const form = await gateway('POST', '/api/v1/secure', {
      token: tokens.editor,
      headers: { 'content-type': 'text/plain' },
      body: 'x',
    });
    assert.equal(form.status, 415);
  });

  test('a client that claims to be from the gateway is not believed', async () => {
    const spoofed = {
      'x-strata-role': 'admin',
      'x-strata-principal': 'root',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    };
    const answer = await gateway('POST', '/api/v1/secure', {
      token: tokens.reader,
      headers: spoofed,
      body: { name: 'x', attributes: {} },
    });
    assert.equal(answer.status, 403);
    const read = await gateway('GET', '/api/v1/data?limit=1', { headers: spoofed });
    assert.doesNotMatch(read.headers.traceparent ?? '', /a{32}/);
  });

  test('answers say how they came about, and the second one comes from the cache', async () => {
    const { id } = await create({ name: 'Twice', attributes: {} });
    const first = await gateway('GET', `/api/v1/data/${id}`);
    assert.equal(first.status, 200);
    assert.equal(first.headers['x-gateway-cache'], 'miss');
    assert.match(first.headers['x-entity-cache'] ?? '', /^(hit|miss|coalesced)$/);
    const second = await gateway('GET', `/api/v1/data/${id}`);
    assert.equal(second.headers['x-gateway-cache'], 'hit');
    assert.notEqual(second.headers['x-request-id'], first.headers['x-request-id']);
    const refreshed = await gateway('GET', `/api/v1/data/${id}`, {
      token: tokens.reader,
      headers: { 'cache-control': 'max-age=0' },
    });
    assert.notEqual(refreshed.headers['x-gateway-cache'], 'hit');
    assert.match(refreshed.headers['server-timing'] ?? '', /gateway;dur=/);
  });

  test('a written entity is found by its name through the mesh, and a deleted one no more', async () => {
    const name = `Place ${randomUUID()}`;
    const { id } = await create({ name, attributes: { deep: { list: [1, 2.5, null, 'é'] } } });
    const path = `/api/v1/data?name=${encodeURIComponent(name)}`;
    const fresh = { token: tokens.reader, headers: { 'cache-control': 'max-age=0' } };
    const found = await eventually(async () => {
      const { items } = (await gateway('GET', path, fresh)).json<{ items: Entity[] }>();
      assert.equal(items.length, 1);
      return items[0];
    });
    const read = (await gateway('GET', `/api/v1/secure/${id}`, { token: tokens.reader })).json<Entity>();
    assert.deepEqual(found, read);
    await gateway('DELETE', `/api/v1/secure/${id}`, { token: tokens.admin });
    await eventually(async () => {
      assert.deepEqual((await gateway('GET', path, fresh)).json<{ items: Entity[] }>().items, []);
    });
  });

  test('a repeated Idempotency-Key gets the same answer, with other parameters 422', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = { name: 'Once', attributes: {} };
    const answers: Answer[] = [];
    for (let turn = 0; turn < 2; turn += 1)
      answers.push(await gateway('POST', '/api/v1/secure', { token: tokens.editor, headers, body }));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201],
    );
    assert.equal(answers[0]?.json<Entity>().id, answers[1]?.json<Entity>().id);
    const other = await gateway('POST', '/api/v1/secure', {
      token: tokens.editor,
      headers,
      body: { name: 'Twice', attributes: {} },
    });
    assert.equal(other.status, 422);
  });

  test('the edge serves its page with the security headers and passes the API on', async () => {
    const page = await call('GET', urls.edge);
    assert.equal(page.status, 200);
    assert.match(page.headers['content-type'] ?? '', /text\/html/);
    assert.match(page.headers['content-security-policy'] ?? '', /default-src/);
    assert.equal(page.headers['x-content-type-options'], 'nosniff');
    const data = await call('GET', `${urls.edge}/api/v1/data?limit=1`);
    assert.equal(data.json<{ items: Entity[] }>().items.length, 1);
    assert.equal((await call('GET', `${urls.edge}/../../package.json`)).status >= 400, true);
  });

  test('the API describes itself', async () => {
    const document = (await gateway('GET', '/api/v1/openapi.json')).json<{
      openapi: string;
      paths: object;
    }>();
    assert.match(document.openapi, /^3\.1/);
    assert.ok('/api/v1/data/{id}' in document.paths);
  });

  test('a sidecar refuses whoever has no certificate of the mesh', async () => {
    const { connect } = await import('node:tls');
    const { address } = await project.process('microservice-a-1-envoy');
    const [host, port] = address.replace(/^\w+:\/\//, '').split(':');
    const refused = await new Promise<string>((resolve) => {
      const socket = connect({ host, port: Number(port), rejectUnauthorized: false }, () => {
        socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
      });
      socket.on('data', (chunk) => resolve(`answered ${chunk.toString('latin1', 0, 20)}`));
      socket.on('error', (error) => resolve(error.message));
      socket.on('close', () => resolve('closed'));
    });
    assert.doesNotMatch(refused, /^answered/);
  });
});
