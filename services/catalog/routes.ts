import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { EntityTable } from '../../src/data/table/entity-table.ts';
import { deliveryBody, nameQuery } from './schemas.ts';

/**
 * Adds the catalog's routes, which only the mesh reaches: changes come in by POST /changes, and entities are found
 * by name with GET /entities.
 */
export function addCatalogRoutes(app: FastifyInstance, table: EntityTable): void {
  app.post<{ Body: z.output<typeof deliveryBody> }>(
    '/changes',
    { schema: { body: deliveryBody } },
    async (request) => ({
      results: await table.apply(request.body.changes),
    }),
  );

  app.get<{ Querystring: z.output<typeof nameQuery> }>(
    '/entities',
    { schema: { querystring: nameQuery } },
    async (request) => {
      const { name, limit, cursor } = request.query;
      return table.findByName(name, cursor === undefined ? { limit } : { limit, cursor });
    },
  );
}
