import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { z } from 'zod';
import { answers } from './answers.ts';

const statusText: Readonly<Record<number, string>> = {
  400: 'The request is not valid; `errors` says where.',
  403: 'The caller has not the role.',
  404: 'There is no such entity.',
  409: 'A request with this Idempotency-Key is still being answered.',
  412: 'The entity is not at a version `If-Match` names.',
  413: 'The body is too large.',
  415: 'The content type is not understood.',
  422: 'The Idempotency-Key was used with another request.',
  503: 'An engine does not answer; repeat after `Retry-After`.',
};

type AnswerKind = 'Entity' | 'Page' | 'NotModified' | 'Empty' | 'Document';

const etag = { etag: { type: 'string', description: "The entity's version, as an entity tag." } };
const reference = (id: string) => ({ $ref: `#/components/schemas/${id}` });
const json = (schema: object) => ({ content: { 'application/json': { schema } } });

/** What a route answers when all is well, by kind. */
const kinds: Readonly<Record<AnswerKind, object>> = {
  Entity: { description: 'The entity.', headers: etag, ...json(reference('Entity')) },
  Page: { description: 'A page of entities.', ...json(reference('Page')) },
  NotModified: { description: 'It still is at the version the caller has.', type: 'null', headers: etag },
  Empty: { description: 'Done.', type: 'null' },
  Document: { description: 'This document.', ...json({ type: 'object' }) },
};

/** A route's answers for the OpenAPI document: by status what is well, then the statuses of problems. */
export function answersOf(
  well: Readonly<Record<number, AnswerKind>>,
  ...problems: number[]
): Record<string, object> {
  return Object.fromEntries([
    ...Object.entries(well).map(([status, kind]) => [status, kinds[kind]]),
    ...problems.map((status) => [
      status,
      {
        description: statusText[status],
        content: { 'application/problem+json': { schema: reference('Problem') } },
      },
    ]),
  ]);
}

/** Adds the OpenAPI 3.1 document that is made from the schemas of the routes added after this. */
export async function addDocument(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Entities',
        version: '1.0.0',
        description: 'Entities by id, by name and in pages; errors are problems (RFC 9457).',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: ({ schema, url, ...rest }) => ({ ...rest, schema: shownSchema(schema, url), url }),
    transformObject: (document) => withAnswers('openapiObject' in document ? document.openapiObject : {}),
  });

  let document: string | undefined;
  app.get(
    '/api/v1/openapi.json',
    { schema: { summary: 'This document', tags: ['data'], response: answersOf({ 200: 'Document' }) } },
    (_request, reply) => {
      document ??= JSON.stringify(app.swagger());
      reply
        .header('content-type', 'application/json; charset=utf-8')
        .header('cache-control', 'public, max-age=60');
      reply.send(document);
    },
  );
}

/** A route's schema with zod's schemas written as JSON Schema 2020-12, which OpenAPI 3.1 uses. */
function shownSchema(schema: FastifySchema, url: string): FastifySchema {
  if (!url.startsWith('/api/')) return { hide: true };
  const shown = Object.entries(schema ?? {}).map(([part, value]) => [
    part,
    value instanceof z.ZodType ? jsonSchema(value) : value,
  ]);
  return Object.fromEntries(shown);
}

function jsonSchema(schema: z.ZodType): object {
  const { $schema: _, ...shown } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return shown;
}

function withAnswers(document: object): object {
  const { schemas } = z.toJSONSchema(answers, { uri: (id) => `#/components/schemas/${id}` });
  const components = Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]);
  const present = 'components' in document ? (document.components as object) : {};
  return { ...document, components: { ...present, schemas: Object.fromEntries(components) } };
}
