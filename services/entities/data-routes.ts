import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { CacheSource } from '../../src/data/cache/answer.ts';
import type { ReadThroughCache } from '../../src/data/cache/read-through-cache.ts';
import { decodeCursor } from '../../src/data/relational/cursor.ts';
import type { EntityStore } from '../../src/data/relational/store.ts';
import { StrataError } from '../../src/kernel/errors.ts';
import { serverTiming } from '../../src/observe/server-timing.ts';
import { childOf, parseTraceparent, serializeTraceparent } from '../../src/observe/trace-context.ts';
import { InvalidRequest } from '../http/problem.ts';
import type { CallHeaders, CatalogClient } from './catalog-client.ts';
import { entityTag, namesVersion, parseVersionCondition } from './entity-tag.ts';
import { answersOf } from './openapi.ts';
import { entityParameters, pageQuery, readHeaders } from './schemas.ts';

/** What the open resource works on. */
export interface DataContext {
  readonly store: EntityStore;
  readonly cache: Pick<ReadThroughCache, 'get'>;
  readonly catalog: CatalogClient;
  /** Whether answers carry x-entity-cache and server-timing. */
  readonly explain: boolean;
}

const path = '/api/v1/data';
const documented = { security: [{}, { bearer: [] }], tags: ['data'] };

/**
 * How long caches in front may answer by themselves, and while they fetch again: a part of the one bound on how
 * stale /api/v1/data can be.
 */
const cacheControl = 'public, max-age=60, stale-while-revalidate=3600';
const jsonType = 'application/json; charset=utf-8';

/** Adds /api/v1/data: reads whose answers do not depend on the caller, and may be stored on their way. */
export function addDataRoutes(app: FastifyInstance, { store, cache, catalog, explain }: DataContext): void {
  app.get<{ Querystring: z.output<typeof pageQuery> }>(
    path,
    {
      schema: {
        ...documented,
        summary: 'A page of entities, newest first, or those of a name',
        querystring: pageQuery,
        response: answersOf({ 200: 'Page' }, 400, 503),
      },
    },
    async (request, reply) => {
      const start = explain ? performance.now() : 0;
      const { name, limit, cursor } = request.query;
      const page =
        name === undefined
          ? await store.list({ limit, after: cursor === undefined ? undefined : positionOf(cursor) })
          : await catalog.find({ name, limit, cursor }, callHeaders(request));
      const source = name === undefined ? 'database' : 'catalog';
      if (explain) explainTimes(reply, start, source, performance.now() - start);
      return reply
        .header('content-type', jsonType)
        .header('cache-control', cacheControl)
        .send(JSON.stringify(page));
    },
  );

  app.get<{ Params: z.output<typeof entityParameters> }>(
    `${path}/:id`,
    {
      schema: {
        ...documented,
        summary: 'One entity, as lately as the caches say',
        params: entityParameters,
        headers: readHeaders,
        response: answersOf({ 200: 'Entity', 304: 'NotModified' }, 400, 404, 503),
      },
    },
    async (request, reply) => {
      const start = explain ? performance.now() : 0;
      const { id } = request.params;
      const reading = await cache.get(id);
      const explanation = explain ? explanationOf(reading.source, start, performance.now()) : {};
      if (reading.body === undefined) {
        reply.headers(explanation);
        throw new StrataError('entity-unknown', { id });
      }
      const headers = { ...explanation, etag: entityTag(reading.version), 'cache-control': cacheControl };
      const condition = request.raw.headers['if-none-match'];
      if (condition !== undefined && isNamed(condition, reading.version))
        return reply.headers(headers).code(304).send();
      sendAtOnce(reply, { ...headers, 'content-type': jsonType }, reading.body);
      return reply;
    },
  );
}

/** Answers 200 by the bare response, with a body as text of one byte a character: one write, and a third of the work. */
function sendAtOnce(reply: FastifyReply, headers: Readonly<Record<string, string>>, body: Buffer): void {
  reply.hijack();
  reply.raw.writeHead(200, { ...headers, 'content-length': body.length });
  reply.raw.end(body.toString('latin1'), 'latin1');
}

/** What says where an entity came from and how long that took: times in milliseconds. */
function explanationOf(source: CacheSource, start: number, found: number): Record<string, string> {
  const timings = [
    { name: 'entities', duration: found - start },
    { name: source === 'miss' ? 'database' : 'cache', duration: found - start },
  ];
  return { 'x-entity-cache': source, 'server-timing': serverTiming(timings) };
}

function isNamed(header: string, version: number): boolean {
  const condition = parseVersionCondition(header);
  return condition !== undefined && namesVersion(condition, version);
}

function positionOf(cursor: string): NonNullable<ReturnType<typeof decodeCursor>> {
  const position = decodeCursor(cursor);
  if (position) return position;
  throw new InvalidRequest([{ parameter: 'cursor', detail: 'is not one that a page named' }]);
}

function explainTimes(reply: FastifyReply, start: number, source: string, spent: number): void {
  const timings = [
    { name: 'entities', duration: performance.now() - start },
    { name: source, duration: spent },
  ];
  reply.header('server-timing', serverTiming(timings));
}

/** What a call made on behalf of a request carries on: its trace, with a span of its own, and its id. */
function callHeaders({ raw }: FastifyRequest): CallHeaders {
  const { traceparent, 'x-request-id': requestId } = raw.headers;
  const trace = typeof traceparent === 'string' ? parseTraceparent(traceparent) : undefined;
  return {
    ...(trace ? { traceparent: serializeTraceparent(childOf(trace)) } : {}),
    ...(typeof requestId === 'string' ? { 'x-request-id': requestId } : {}),
  };
}
