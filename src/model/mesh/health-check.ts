import { z } from 'zod';
import { type Complaint, rule, structure } from './schema.ts';
import { gatewayProtocol, port, portProtocol, whole } from './terms.ts';

const threshold = whole(2, 10);

const members = {
  timeoutMillis: whole(2000, 60_000),
  intervalMillis: whole(5000, 300_000),
  port: port.optional(),
  /** Of checks by HTTP and HTTP/2; of no meaning for others. */
  path: z.string().optional(),
  healthyThreshold: threshold,
  unhealthyThreshold: threshold,
};

function* pathOfHttp({ protocol, path }: Readonly<Record<string, unknown>>): Iterable<Complaint> {
  if ((protocol === 'http' || protocol === 'http2') && !(typeof path === 'string' && path.startsWith('/'))) {
    yield { path: ['path'], found: path, allowed: "a path that starts with '/', for a check by HTTP" };
  }
}

/** How the callers of a node's listener find out whether it works. */
export const nodeHealthCheck = structure('HealthCheckPolicy', {
  ...members,
  protocol: portProtocol,
}).superRefine(...rule(pathOfHttp));

/** How it is found out whether a gateway's listener works. */
export const gatewayHealthCheck = structure('VirtualGatewayHealthCheckPolicy', {
  ...members,
  protocol: gatewayProtocol,
}).superRefine(...rule(pathOfHttp));

/** How the callers of a listener find out whether it works. */
export type HealthCheck = z.infer<typeof nodeHealthCheck>;
