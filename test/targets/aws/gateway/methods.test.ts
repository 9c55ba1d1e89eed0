import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OpenApiDocument } from '../../../../src/targets/aws/gateway/document.ts';
import { integrationOf, requestParametersOf } from '../../../../src/targets/aws/gateway/integration.ts';
import { type MethodDefinition, methodsOf, type Route } from '../../../../src/targets/aws/gateway/methods.ts';
import { modelSchema } from '../../../../src/targets/aws/gateway/models.ts';

const route = (path: string, more: Partial<Route> = {}): Route => ({
  path,
  methods: ['GET'],
  service: 'books',
  throttle: { rate: 10, burst: 10 },
  cache: { ttl: 0, query: [] },
  auth: { mode: 'optional', ttl: 0 },
  ...more,
});

const operation = (path: string): OpenApiDocument => ({ paths: { [path]: { get: {} } } });

const pathsOf = (routes: readonly Route[], documents: Record<string, OpenApiDocument> = {}) =>
  methodsOf(routes, documents).map(({ path, name }) => `${name} ${path}`);

const target = {
  vpcLinkId: 'link',
  loadBalancerArn: 'arn',
  url: 'https://inside.example:443',
  functions: { greet: 'invocations' },
  timeout: 4500,
  explain: false,
};

function only<Value>(values: readonly Value[]): Value {
  assert.equal(values.length, 1);
  return values[0] as Value;
}

describe('the methods of the API', () => {
  test('take a route to be a path and all below it', () => {
    assert.deepEqual(pathsOf([route('/books')]), ['GET /books', 'GET /books/{proxy+}']);
  });

  test('have the paths of the document between them, and the rest below the deepest', () => {
    assert.deepEqual(pathsOf([route('/books')], { books: operation('/books/{id}/pages/{page}') }), [
      'GET /books',
      'GET /books/{id}',
      'GET /books/{id}/{proxy+}',
      'GET /books/{id}/pages',
      'GET /books/{id}/pages/{page}',
      'GET /books/{id}/pages/{page}/{proxy+}',
    ]);
  });

  test('begin at the root where a route does', () => {
    const routes = [route('/'), route('/books/')];
    assert.deepEqual(pathsOf(routes, { books: operation('/books/{id}') }), [
      'GET /',
      'GET /{proxy+}',
      'GET /books',
      'GET /books/{id}',
      'GET /books/{id}/{proxy+}',
    ]);
  });

  test('have every method of the route, documented or not', () => {
    const methods = methodsOf([route('/books', { methods: ['GET', 'PUT'] })], { books: operation('/books') });
    assert.deepEqual(
      methods
        .filter(({ path }) => path === '/books')
        .map(({ name, operation }) => [name, operation !== undefined]),
      [
        ['GET', true],
        ['PUT', false],
      ],
    );
  });

  test('give a path to the longest route that has it', () => {
    const routes = [route('/books'), route('/books/new')];
    const methods = methodsOf(routes, { books: operation('/books/new/{id}') });
    const { route: owner } = only(methods.filter(({ path }) => path === '/books/new/{id}'));
    assert.equal(owner.path, '/books/new');
  });

  test('leave out what the document says of other paths and of other services', () => {
    assert.deepEqual(
      pathsOf([route('/books')], { books: operation('/booksellers'), pens: operation('/books/{id}') }),
      ['GET /books', 'GET /books/{proxy+}'],
    );
  });
});

describe('a method whose answers are kept', () => {
  const kept = (more: Partial<MethodDefinition> = {}): MethodDefinition => ({
    path: '/books/{id}',
    name: 'GET',
    route: route('/books', { cache: { ttl: 60_000, query: ['limit'] } }),
    operation: {
      parameters: [
        { in: 'path', name: 'id', required: true },
        { in: 'query', name: 'unkeyed' },
        { in: 'header', name: 'if-none-match' },
      ],
      responses: { 200: { headers: { ETag: {} } }, 304: {} },
    },
    ...more,
  });

  test('asks the service with what is in the key, and with nothing else of the client', () => {
    const { type, requestParameters, cacheKeyParameters } = integrationOf(kept(), target);
    assert.equal(type, 'HTTP');
    assert.deepEqual(cacheKeyParameters, ['method.request.path.id', 'method.request.querystring.limit']);
    assert.deepEqual(requestParameters, {
      'integration.request.path.id': 'method.request.path.id',
      'integration.request.querystring.limit': 'method.request.querystring.limit',
      'integration.request.header.x-request-id': 'context.requestId',
    });
  });

  test('declares the parameters it takes from the request', () => {
    assert.deepEqual(requestParametersOf(kept()), {
      'method.request.path.id': true,
      'method.request.querystring.limit': false,
      'method.request.querystring.unkeyed': false,
    });
  });

  test('answers each status as it is, with the header fields that are for everyone', () => {
    const { integrationResponses } = integrationOf(kept(), target);
    assert.ok(Array.isArray(integrationResponses));
    for (const response of integrationResponses) {
      assert.ok('statusCode' in response && response.statusCode === response.selectionPattern);
      const names = Object.keys(response.responseParameters ?? {});
      assert.ok(names.includes('method.response.header.etag'));
      assert.ok(!names.some((name) => /set-cookie|x-entity-cache|server-timing/.test(name)), String(names));
    }
    const statuses = integrationResponses.map((response) =>
      'statusCode' in response ? response.statusCode : '',
    );
    for (const status of ['200', '304', '400', '404', '503']) assert.ok(statuses.includes(status), status);
  });

  test('is one of GET alone, and of a route with a time to live', () => {
    assert.equal(integrationOf(kept({ name: 'HEAD' }), target).type, 'HTTP_PROXY');
    assert.equal(integrationOf(kept({ route: route('/books') }), target).type, 'HTTP_PROXY');
  });
});

describe('a method of a function', () => {
  test('calls it by POST, with the whole request, and takes a path and all below it', () => {
    const { service: _, ...rest } = route('/greet');
    const methods = methodsOf([{ ...rest, function: 'greet' }], {});
    assert.deepEqual(
      methods.map(({ path }) => path),
      ['/greet', '/greet/{proxy+}'],
    );
    assert.deepEqual(integrationOf(only(methods.slice(1)), target), {
      type: 'AWS_PROXY',
      integrationHttpMethod: 'POST',
      uri: 'invocations',
      timeoutInMillis: 4500,
      passthroughBehavior: 'WHEN_NO_MATCH',
    });
  });
});

describe('a method that is passed on', () => {
  const method: MethodDefinition = {
    path: '/books/{id}/{proxy+}',
    name: 'PUT',
    route: route('/books'),
    operation: undefined,
  };

  test('goes to the same path at the load balancer, through the link, within the time', () => {
    const { requestParameters: _, ...integration } = integrationOf(method, target);
    assert.deepEqual(integration, {
      type: 'HTTP_PROXY',
      integrationHttpMethod: 'PUT',
      uri: 'https://inside.example:443/books/{id}/{proxy}',
      connectionType: 'VPC_LINK',
      connectionId: 'link',
      integrationTarget: 'arn',
      timeoutInMillis: 4500,
      passthroughBehavior: 'WHEN_NO_MATCH',
    });
  });

  test('tells the service who calls, and keeps the token to itself', () => {
    const { requestParameters } = integrationOf(method, target);
    assert.deepEqual(requestParameters, {
      'integration.request.path.id': 'method.request.path.id',
      'integration.request.path.proxy': 'method.request.path.proxy',
      'integration.request.header.x-request-id': 'context.requestId',
      'integration.request.header.x-strata-principal': 'context.authorizer.principalId',
      'integration.request.header.x-strata-role': 'context.authorizer.role',
      'integration.request.header.authorization': "'withheld'",
      'integration.request.header.traceparent': "'withheld'",
      'integration.request.header.x-origin-verify': "'withheld'",
    });
  });
});

describe('the model of a body', () => {
  test('says in draft 4 what the schema says, as far as draft 4 can', () => {
    assert.deepEqual(
      modelSchema({
        type: 'object',
        description: 'left out',
        properties: {
          description: { type: 'string', default: 'x', minLength: 1 },
          kind: { const: 'book' },
          price: { type: ['number', 'null'], exclusiveMinimum: 0 },
          tags: { type: 'array', items: { type: 'string', description: 'left out' } },
        },
        required: ['kind'],
        additionalProperties: false,
        unevaluatedProperties: false,
      }),
      {
        $schema: 'http://json-schema.org/draft-04/schema#',
        type: 'object',
        properties: {
          description: { type: 'string', minLength: 1 },
          kind: { enum: ['book'] },
          price: { type: ['number', 'null'], minimum: 0, exclusiveMinimum: true },
          tags: { type: 'array', items: { type: 'string' } },
        },
        required: ['kind'],
        additionalProperties: false,
      },
    );
  });
});
