import { compare, saturateHttp } from '../comparison.ts';
import type { BenchContext } from '../context.ts';
import { load } from '../load/load.ts';
import { readRequest } from '../read-request.ts';
import { startReference } from '../reference/server.ts';
import type { RowResult } from '../row.ts';

/** Cached reads at the gateway, each with a token that the authorizer checks; beside it a bare node:http server. */
export async function gatewayRow(context: BenchContext): Promise<RowResult> {
  const { sla, gateway, token, entities } = context;
  const requests = entities
    .slice(0, 100)
    .map((entity) => readRequest({ entity, headers: { authorization: `Bearer ${token}` } }));
  const measured = await load({
    ...gateway,
    requests,
    connections: 64,
    rate: sla.gateway.throughput,
    warmup: context.warmup,
    duration: context.duration,
  });
  const reference = await startReference('http-server', { BODY: JSON.stringify(entities[0]) });
  try {
    const bare = entities
      .slice(0, 1)
      .map((entity) => readRequest({ entity, headers: { authorization: `Bearer ${token}` } }));
    return {
      row: 'API gateway: cached reads, authorizer on',
      measurements: [
        {
          name: 'reads',
          unit: 'requests',
          target: {
            rate: sla.gateway.throughput,
            p99: sla.gateway.latency,
            availability: sla.gateway.availability,
          },
          measured,
          notes: [],
        },
      ],
      comparisons: [
        await compare(
          { reference: 'a bare node:http server', unit: 'requests', requiredRatio: 0.3 },
          saturateHttp({ ...gateway, requests }),
          saturateHttp({ ...reference, requests: bare }),
        ),
      ],
    };
  } finally {
    reference.stop();
  }
}
