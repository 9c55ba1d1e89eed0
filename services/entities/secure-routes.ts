import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Change } from '../../src/data/entity.ts';
import type { EntityStore } from '../../src/data/relational/store.ts';
import { StrataError } from '../../src/kernel/errors.ts';
import { parseJson } from '../http/validation.ts';
import { callerOf, requirePermission } from './caller.ts';
import { type Write, write } from './changes.ts';
import { entityTag, namesVersion, parseVersionCondition } from './entity-tag.ts';
import { answersOf } from './openapi.ts';
import { bodies, changeHeaders, creationHeaders, entityParameters, readHeaders } from './schemas.ts';

/** What the protected resource works on. */
export interface SecureContext {
  readonly store: EntityStore;
  /** Tells the caches of an acknowledged change; never fails. */
  readonly announce: (change: Change) => Promise<void>;
  /** Bytes of one entity's attributes as JSON. */
  readonly maxAttributes: number;
}

const path = '/api/v1/secure';
const documented = { security: [{ bearer: [] }], tags: ['secure'] };

type Parameters = z.output<typeof entityParameters>;
type Headers = z.output<typeof changeHeaders>;

/**
 * Adds /api/v1/secure: reads and writes of the system of record itself. What is answered here is stored nowhere,
 * and a read shows every acknowledged write.
 */
export function addSecureRoutes(
  app: FastifyInstance,
  { store, announce, maxAttributes }: SecureContext,
): void {
  const { input, patch } = bodies(maxAttributes);
  type Input = z.output<typeof input>;
  type Patch = z.output<typeof patch>;

  app.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      reply.header('cache-control', 'private, no-store');
      requirePermission(request);
    });

    scope.get<{ Params: Parameters }>(
      `${path}/:id`,
      {
        schema: {
          ...documented,
          summary: 'One entity, with every acknowledged write',
          params: entityParameters,
          headers: readHeaders,
          response: answersOf({ 200: 'Entity', 304: 'NotModified' }, 400, 403, 404, 503),
        },
      },
      async (request, reply) => {
        const { entity, version } = await store.read(request.params.id);
        if (!entity) throw new StrataError('entity-unknown', { id: request.params.id });
        reply.header('etag', entityTag(version));
        const condition = parseVersionCondition(request.raw.headers['if-none-match'] ?? '');
        if (condition && namesVersion(condition, version)) return reply.code(304).send();
        return reply.send(entity);
      },
    );

    scope.post<{ Body: Input }>(
      path,
      {
        schema: {
          ...documented,
          summary: 'Create an entity',
          headers: creationHeaders,
          body: input,
          response: answersOf({ 201: 'Entity' }, 400, 403, 409, 413, 415, 422, 503),
        },
      },
      (request, reply) => {
        return answer({ kind: 'create', fields: fieldsOf(request.body) }, request, reply);
      },
    );

    scope.put<{ Params: Parameters; Body: Input; Headers: Headers }>(
      `${path}/:id`,
      {
        schema: {
          ...documented,
          summary: 'Replace the name and the attributes of an entity',
          params: entityParameters,
          headers: changeHeaders,
          body: input,
          response: answersOf({ 200: 'Entity' }, 400, 403, 404, 409, 412, 413, 415, 422, 503),
        },
      },
      (request, reply) => {
        const { id } = request.params;
        return answer(
          { kind: 'replace', id, fields: fieldsOf(request.body), condition: conditionOf(request) },
          request,
          reply,
        );
      },
    );

    // Only here is a body of this type understood.
    scope.register(async (patches) => {
      patches.addContentTypeParser('application/merge-patch+json', { parseAs: 'buffer' }, parseJson);
      patches.patch<{ Params: Parameters; Body: Patch; Headers: Headers }>(
        `${path}/:id`,
        {
          schema: {
            ...documented,
            summary: 'Change parts of an entity by a JSON merge patch (RFC 7396)',
            consumes: ['application/merge-patch+json', 'application/json'],
            params: entityParameters,
            headers: changeHeaders,
            body: patch,
            response: answersOf({ 200: 'Entity' }, 400, 403, 404, 409, 412, 413, 415, 422, 503),
          },
        },
        (request, reply) => {
          const { id } = request.params;
          return answer(
            { kind: 'patch', id, patch: request.body, condition: conditionOf(request) },
            request,
            reply,
          );
        },
      );
    });

    scope.delete<{ Params: Parameters; Headers: Headers }>(
      `${path}/:id`,
      {
        schema: {
          ...documented,
          summary: 'Delete an entity',
          params: entityParameters,
          headers: changeHeaders,
          response: answersOf({ 204: 'Empty' }, 400, 403, 404, 409, 412, 422, 503),
        },
      },
      (request, reply) => {
        const { id } = request.params;
        return answer({ kind: 'remove', id, condition: conditionOf(request) }, request, reply);
      },
    );
  });

  async function answer(change: Write, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const key = request.raw.headers['idempotency-key'];
    const { principal } = callerOf(request);
    const repetition = typeof key === 'string' ? { principal, key } : undefined;
    const written = await write(store, change, { maxAttributes, repetition });
    if (written.change) await announce(written.change);
    const { status, headers, body } = written.answer;
    reply.code(status).headers(headers);
    return status === 204
      ? reply.send()
      : reply.header('content-type', 'application/json; charset=utf-8').send(body);
  }
}

function fieldsOf({
  name,
  attributes = {},
}: {
  name: string;
  attributes?: Record<string, unknown> | undefined;
}) {
  return { name, attributes };
}

function conditionOf({ raw }: FastifyRequest): ReturnType<typeof parseVersionCondition> {
  const header = raw.headers['if-match'];
  return header === undefined ? undefined : parseVersionCondition(header);
}
