import { z } from 'zod';
import { gatewayConnectionPool, nodeConnectionPool } from './connection-pool.ts';
import { gatewayHealthCheck, nodeHealthCheck } from './health-check.ts';
import { outlierDetection } from './outlier-detection.ts';
import { type Complaint, rule, structure } from './schema.ts';
import { gatewayProtocol, port, portProtocol } from './terms.ts';
import { listenerTimeout } from './timeout.ts';
import { listenerTls } from './tls.ts';

/** A port and what it speaks. */
export const portMapping = structure('PortMapping', { port, protocol: portProtocol });

/** A port of a virtual node. */
export const nodeListener = structure('Listener', {
  portMapping,
  tls: listenerTls.optional(),
  healthCheck: nodeHealthCheck.optional(),
  timeout: listenerTimeout.optional(),
  outlierDetection: outlierDetection.optional(),
  connectionPool: nodeConnectionPool.optional(),
}).superRefine(...rule(ofOneProtocol));

/** A port of a virtual gateway. */
export const gatewayListener = structure('VirtualGatewayListener', {
  portMapping: structure('VirtualGatewayPortMapping', { port, protocol: gatewayProtocol }),
  tls: listenerTls.optional(),
  healthCheck: gatewayHealthCheck.optional(),
  connectionPool: gatewayConnectionPool.optional(),
}).superRefine(...rule(ofOneProtocol));

/** A port of a virtual node. */
export type NodeListener = z.infer<typeof nodeListener>;

/** A port of a virtual gateway. */
export type GatewayListener = z.infer<typeof gatewayListener>;

/** Some listeners, no two on one port. */
export function listeners<Schema extends z.ZodType>(listener: Schema, min = 0) {
  return z
    .array(listener)
    .min(min)
    .superRefine(...rule(onePortEach));
}

/** Pool and timeout are said by protocol, and the health check names a port: all must be the listener's own. */
function* ofOneProtocol(listener: Readonly<Record<string, unknown>>): Iterable<Complaint> {
  const { protocol, port: own } = members(listener.portMapping);
  for (const member of ['timeout', 'connectionPool']) {
    for (const key of Object.keys(members(listener[member]))) {
      if (protocols.has(key) && protocols.has(String(protocol)) && key !== protocol) {
        yield { path: [member, key], found: key, allowed: `${String(protocol)}, the listener's protocol` };
      }
    }
  }
  const { port: checked } = members(listener.healthCheck);
  if (typeof checked === 'number' && typeof own === 'number' && checked !== own) {
    yield { path: ['healthCheck', 'port'], found: checked, allowed: `${own}, the listener's port` };
  }
}

const protocols: ReadonlySet<string> = new Set(portProtocol.options);

function* onePortEach(all: Readonly<Record<string, unknown>>): Iterable<Complaint> {
  const seen = new Set<unknown>();
  for (const [index, listener] of Object.values(all).entries()) {
    const { port: own } = members(members(listener).portMapping);
    if (own === undefined) continue;
    if (seen.has(own)) {
      yield {
        path: [index, 'portMapping', 'port'],
        found: own,
        allowed: 'a port that no other listener has',
      };
    }
    seen.add(own);
  }
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
