import { z } from 'zod';
import type { NodeListener } from '../../mesh/listener.ts';
import { gatewayProtocol, type PortProtocol, portProtocol } from '../../mesh/terms.ts';
import { listenerTls } from '../../mesh/tls.ts';
import { port } from '../../terms.ts';
import { connectionPoolSection, expandConnectionPool, foldConnectionPool } from './connection-pool.ts';
import { expandHealthCheck, foldHealthCheck, healthCheckSection } from './health-check.ts';
import {
  expandOutlierDetection,
  foldOutlierDetection,
  outlierDetectionSection,
} from './outlier-detection.ts';
import { expandTimeout, foldTimeout, type Timeouts, timeoutSection } from './timeout.ts';

/** A port of a node: `{ port: 8080, protocol: 'http' }` and what App Mesh can say about it. */
export const nodeListenerSection = z.strictObject({
  port,
  protocol: portProtocol,
  tls: listenerTls.optional(),
  healthCheck: healthCheckSection.optional(),
  /** As long as the longest route that leads here, when left out. */
  timeout: timeoutSection.optional(),
  outlierDetection: outlierDetectionSection.optional(),
  connectionPool: connectionPoolSection.optional(),
});

/** A port of a gateway. */
export const gatewayListenerSection = z.strictObject({
  port,
  protocol: gatewayProtocol,
  tls: listenerTls.optional(),
  healthCheck: healthCheckSection.optional(),
  connectionPool: connectionPoolSection.optional(),
});

/** A port of a router. */
export const routerListenerSection = z.strictObject({ port, protocol: portProtocol });

/** A port and what it speaks. */
export interface Port {
  readonly port: number;
  readonly protocol: PortProtocol;
}

/** What a route speaks that does not say it itself: the protocol of the listener of its port, or of the first. */
export function protocolOf(port: number | undefined, listeners: readonly Port[]): PortProtocol {
  const meant = port === undefined ? listeners[0] : listeners.find((listener) => listener.port === port);
  return meant?.protocol ?? 'http';
}

/** What stands for a node's listener where it says nothing itself. */
export interface ListenerDefaults {
  readonly timeout: Timeouts;
  readonly outlierDetection: z.output<typeof outlierDetectionSection> | undefined;
}

/** The API's words for a node's listener. */
export function expandNodeListener(
  listener: z.output<typeof nodeListenerSection>,
  defaults: ListenerDefaults,
): NodeListener {
  const { perRequest, ...idle } = listener.timeout ?? defaults.timeout;
  const timeout = expandTimeout(listener.protocol === 'tcp' ? idle : { perRequest, ...idle });
  const outlierDetection = listener.outlierDetection ?? defaults.outlierDetection;
  return {
    ...expandGatewayListener(listener),
    ...(timeout === undefined ? {} : { timeout: { [listener.protocol]: timeout } }),
    ...(outlierDetection === undefined ? {} : { outlierDetection: expandOutlierDetection(outlierDetection) }),
  };
}

/** The API's words for a gateway's listener. */
export function expandGatewayListener<Protocol extends PortProtocol>({
  port,
  protocol,
  tls,
  healthCheck,
  connectionPool,
}: Omit<z.output<typeof gatewayListenerSection>, 'protocol'> & { readonly protocol: Protocol }) {
  return {
    portMapping: { port, protocol },
    ...(tls === undefined ? {} : { tls }),
    ...(healthCheck === undefined ? {} : { healthCheck: expandHealthCheck(healthCheck, protocol) }),
    ...(connectionPool === undefined
      ? {}
      : { connectionPool: expandConnectionPool(connectionPool, protocol) }),
  };
}

/** The section's words for a node's listener. */
export function foldNodeListener(listener: NodeListener): z.input<typeof nodeListenerSection> {
  const { outlierDetection, portMapping } = listener;
  const timeout = foldTimeout(listener.timeout?.[portMapping.protocol], portMapping.protocol);
  return {
    ...foldGatewayListener({ ...listener, portMapping }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(outlierDetection === undefined ? {} : { outlierDetection: foldOutlierDetection(outlierDetection) }),
  };
}

/** The section's words for a gateway's listener. */
export function foldGatewayListener<Protocol extends PortProtocol>({
  portMapping,
  tls,
  healthCheck,
  connectionPool,
}: Pick<NodeListener, 'tls' | 'healthCheck' | 'connectionPool'> & {
  readonly portMapping: { readonly port: number; readonly protocol: Protocol };
}) {
  return {
    ...portMapping,
    ...(tls === undefined ? {} : { tls }),
    ...(healthCheck === undefined ? {} : { healthCheck: foldHealthCheck(healthCheck) }),
    ...(connectionPool === undefined ? {} : { connectionPool: foldConnectionPool(connectionPool) }),
  };
}
