import type { Entity } from '../src/data/entity.ts';
import type { LoadRequest } from './load/protocol.ts';

/** A read of one entity through the gateway, and what its answer has to hold. */
export function readRequest({
  entity,
  headers,
}: {
  entity: Pick<Entity, 'id'>;
  headers: Readonly<Record<string, string>>;
}): LoadRequest {
  const lines = Object.entries({ host: 'gateway', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return {
    wire: `GET /api/v1/data/${entity.id} HTTP/1.1\r\n${lines.join('')}\r\n`,
    status: 200,
    contains: entity.id,
  };
}
