import { z } from 'zod';
import { formatDuration } from '../../../kernel/units.ts';
import type { HealthCheck } from '../../mesh/health-check.ts';
import { apiPage } from '../../mesh/schema.ts';
import { type PortProtocol, portProtocol } from '../../mesh/terms.ts';
import { count, duration } from '../../scalars.ts';
import { port } from '../../terms.ts';

const reference = apiPage('HealthCheckPolicy');
const threshold = count({ min: 2, max: { value: 10, unit: 'checks', reference } }).default(2);

/** How a listener's callers find out whether it works; the protocol is the listener's when left out. */
export const healthCheckSection = z.strictObject({
  protocol: portProtocol.optional(),
  port: port.optional(),
  path: z.string().optional(),
  interval: duration({ min: 5000, max: { value: 300_000, unit: 'ms', reference } }).prefault('5s'),
  timeout: duration({ min: 2000, max: { value: 60_000, unit: 'ms', reference } }).prefault('2s'),
  healthyThreshold: threshold,
  unhealthyThreshold: threshold,
});

/** The API's words for it. */
export function expandHealthCheck<Protocol extends PortProtocol>(
  { interval, timeout, protocol, port, path, ...thresholds }: z.output<typeof healthCheckSection>,
  ofListener: Protocol,
) {
  return {
    ...thresholds,
    intervalMillis: interval,
    timeoutMillis: timeout,
    protocol: (protocol ?? ofListener) as Protocol,
    ...(port === undefined ? {} : { port }),
    ...(path === undefined ? {} : { path }),
  };
}

/** The section's words for it. */
export function foldHealthCheck({
  intervalMillis,
  timeoutMillis,
  ...same
}: HealthCheck): z.input<typeof healthCheckSection> {
  return {
    ...same,
    interval: formatDuration(intervalMillis),
    timeout: formatDuration(timeoutMillis),
  };
}
