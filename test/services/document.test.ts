import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import blueprint from '../../blueprint.ts';
import { plan } from '../../src/model/plan.ts';
import {
  type Answer,
  entityIn,
  type Send,
  type Sent,
  startEngines,
  startServices,
  suiteLifetime,
} from './platform.ts';

interface Operation {
  readonly responses: Readonly<Record<string, { content?: Readonly<Record<string, unknown>> }>>;
  readonly security?: readonly object[];
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

describe('the OpenAPI document', () => {
  const lifetime = suiteLifetime();
  let send: Send;
  let document: Document;
  before(async () => {
    ({ send } = await startServices(lifetime, await startEngines(lifetime)));
    document = JSON.parse((await send('GET', '/api/v1/openapi.json')).text) as Document;
  });

  test('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(document) as object as Record<string, unknown>);
    assert.deepEqual(result.errors ?? [], []);
    assert.equal(validator.version, '3.1');
  });

  test('is what its program prints while nothing runs', async () => {
    const program = join(import.meta.dirname, '../../services/entities/document.ts');
    const { plan: planned } = plan(blueprint);
    const { stdout } = await promisify(execFile)(process.execPath, [
      program,
      String(planned?.data.maxAttributes),
    ]);
    assert.deepEqual(JSON.parse(stdout), document);
  });

  test('has exactly the routes of the API, and what each asks for', () => {
    const routes = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    assert.deepEqual(routes.toSorted(), [
      'DELETE /api/v1/secure/{id}',
      'GET /api/v1/data',
      'GET /api/v1/data/{id}',
      'GET /api/v1/openapi.json',
      'GET /api/v1/secure/{id}',
      'PATCH /api/v1/secure/{id}',
      'POST /api/v1/secure',
      'PUT /api/v1/secure/{id}',
    ]);
    for (const [path, item] of Object.entries(document.paths)) {
      for (const { security } of Object.values(item)) {
        if (path.startsWith('/api/v1/secure')) assert.deepEqual(security, [{ bearer: [] }]);
        else assert.ok(!security || security.some((way) => Object.keys(way).length === 0), path);
      }
    }
  });

  test('says what is answered', async () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    formats.default(ajv);
    ajv.addSchema(document, 'document');
    const check = (operation: string, { status, headers, text }: Answer) => {
      const [method = '', path = ''] = operation.split(' ');
      const response = document.paths[path]?.[method.toLowerCase()]?.responses[status];
      assert.ok(response, `${operation} says nothing of ${status}`);
      if (!response.content) return assert.equal(text, '');
      const type = String(headers['content-type']).split(';', 1)[0] ?? '';
      assert.ok(response.content[type], `${operation} ${status} says nothing of ${type}`);
      const place = [
        'paths',
        path,
        method.toLowerCase(),
        'responses',
        String(status),
        'content',
        type,
        'schema',
      ];
      const pointer = place
        .map((token) => encodeURIComponent(token.replaceAll('~', '~0').replaceAll('/', '~1')))
        .join('/');
      const valid = ajv.compile({ $ref: `document#/${pointer}` });
      assert.ok(
        valid(JSON.parse(text)),
        `${operation} ${status}: ${ajv.errorsText(valid.errors)} in ${text}`,
      );
    };
    const ask = async (operation: string, path: string, sent: Sent, status: number) => {
      const answer = await send(operation.split(' ', 1)[0] ?? '', path, sent);
      assert.equal(answer.status, status, answer.text);
      check(operation, answer);
      return answer;
    };

    const [create, list, read] = [
      'POST /api/v1/secure',
      'GET /api/v1/data',
      'GET /api/v1/data/{id}',
    ] as const;
    const [get, put, patch, remove] = ['GET', 'PUT', 'PATCH', 'DELETE'].map(
      (method) => `${method} /api/v1/secure/{id}`,
    ) as [string, string, string, string];
    const admin = { role: 'admin' } as const;
    const body = { name: 'documented', attributes: { n: 1.5, nested: { list: [null] } } };
    const { id } = entityIn(await ask(create, '/api/v1/secure', { ...admin, body }, 201));
    const path = `/api/v1/secure/${id}`;
    const stale = { 'if-match': '"99"' };
    await ask(create, '/api/v1/secure', { ...admin, body: { name: 1 } }, 400);
    await ask(create, '/api/v1/secure', { body }, 403);
    await ask(create, '/api/v1/secure', { ...admin, body, headers: { 'content-type': 'text/css' } }, 415);
    await ask(list, '/api/v1/data?limit=1', {}, 200);
    await ask(list, '/api/v1/data?name=documented', {}, 200);
    await ask(list, '/api/v1/data?limit=x', {}, 400);
    await ask(read, `/api/v1/data/${id}`, {}, 200);
    await ask(read, `/api/v1/data/${id}`, { headers: { 'if-none-match': '"1"' } }, 304);
    await ask(read, '/api/v1/data/00000000-0000-0000-0000-000000000000', {}, 404);
    await ask(get, path, admin, 200);
    await ask(get, path, { ...admin, headers: { 'if-none-match': '"1"' } }, 304);
    await ask(get, path, {}, 403);
    await ask(put, path, { ...admin, body }, 200);
    await ask(put, path, { ...admin, body, headers: stale }, 412);
    await ask(patch, path, { ...admin, body: {} }, 200);
    await ask(patch, path, { ...admin, body: {}, headers: stale }, 412);
    await ask(remove, path, { ...admin, headers: stale }, 412);
    await ask(remove, path, admin, 204);
    await ask(remove, path, admin, 404);
    await ask('GET /api/v1/openapi.json', '/api/v1/openapi.json', {}, 200);
  });
});
