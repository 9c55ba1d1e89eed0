import { Pool } from 'undici';
import { z } from 'zod';
import type { Change } from '../../src/data/entity.ts';
import type { ApplyResult } from '../../src/data/table/apply.ts';
import type { NamePage } from '../../src/data/table/lookup.ts';
import { StrataError } from '../../src/kernel/errors.ts';
import { InvalidRequest } from '../http/problem.ts';

/** Milliseconds a call may take, the mesh's retries included. */
const callTimeout = 4000;

/** Header fields that a call made on behalf of a request carries on. */
export type CallHeaders = Readonly<Record<string, string>>;

/** The catalog as this service calls it: through the mesh, which finds it, secures the way and retries. */
export interface CatalogClient {
  /**
   * A page of the entities of a name.
   * @throws StrataError 'catalog-unavailable'; InvalidRequest for a cursor that is none
   */
  readonly find: (query: NameQuery, headers: CallHeaders) => Promise<NamePage>;
  /**
   * Hands over changes, in their order; at most 100, of 8 MiB together.
   * @throws StrataError 'catalog-unavailable'; then none of them is acknowledged
   */
  readonly deliver: (changes: readonly Change[]) => Promise<ApplyResult[]>;
  readonly close: () => Promise<void>;
}

/** What is looked for, and which page of it. */
export interface NameQuery {
  readonly name: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const pageAnswer = z.custom<NamePage>(
  (value) => typeof value === 'object' && value !== null && 'items' in value && Array.isArray(value.items),
);
const deliveryAnswer = z.object({
  results: z.array(
    z.object({ id: z.string(), version: z.int(), outcome: z.enum(['applied', 'superseded']) }),
  ),
});

/**
 * Opens connections to the catalog.
 * @param egress URL of the sidecar's listener for calls into the mesh
 * @param host name of the catalog's virtual service
 */
export function openCatalogClient({ egress, host }: { egress: string; host: string }): CatalogClient {
  const options = {
    headersTimeout: callTimeout,
    bodyTimeout: callTimeout,
    connect: { timeout: 1000 },
    pipelining: 1,
  };
  // Deliveries have connections of their own, so that a backlog of them does not hold lookups up.
  const lookups = new Pool(egress, { ...options, connections: 32 });
  const deliveries = new Pool(egress, { ...options, connections: 4 });

  async function find({ name, limit, cursor }: NameQuery, headers: CallHeaders): Promise<NamePage> {
    const query = new URLSearchParams({
      name,
      limit: String(limit),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const path = `/entities?${query}`;
    const { status, body } = await call(lookups, { path, method: 'GET', headers: { ...headers, host } });
    if (status === 400 && cursor !== undefined) {
      throw new InvalidRequest([{ parameter: 'cursor', detail: 'is not one that a page named' }]);
    }
    return expect(pageAnswer, status, body);
  }

  async function deliver(changes: readonly Change[]): Promise<ApplyResult[]> {
    const headers = { 'content-type': 'application/json', host };
    const body = JSON.stringify({ changes });
    const answer = await call(deliveries, { path: '/changes', method: 'POST', headers, body });
    const { results } = expect(deliveryAnswer, answer.status, answer.body);
    if (results.length !== changes.length) throw new StrataError('catalog-unavailable');
    return results;
  }

  const close = async () => {
    await Promise.all([lookups.close(), deliveries.close()]);
  };
  return { find, deliver, close };
}

interface Call {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: string;
}

async function call(pool: Pool, request: Call): Promise<{ status: number; body: string }> {
  try {
    const answer = await pool.request({ ...request, signal: AbortSignal.timeout(callTimeout) });
    return { status: answer.statusCode, body: await answer.body.text() };
  } catch (cause) {
    throw new StrataError('catalog-unavailable', {}, { cause });
  }
}

function expect<Schema extends z.ZodType>(schema: Schema, status: number, body: string): z.output<Schema> {
  try {
    if (status !== 200) throw new Error(`the catalog answered ${status}`);
    return schema.parse(JSON.parse(body));
  } catch (cause) {
    throw new StrataError('catalog-unavailable', {}, { cause });
  }
}
