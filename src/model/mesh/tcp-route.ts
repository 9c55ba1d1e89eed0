import type { z } from 'zod';
import { tcpRouteMatch } from './match.ts';
import { structure } from './schema.ts';
import { tcpTimeout } from './timeout.ts';
import { routeAction } from './weighted-target.ts';

/** A route for TCP. */
export const tcpRoute = structure('TcpRoute', {
  action: routeAction('TcpRouteAction'),
  timeout: tcpTimeout.optional(),
  match: tcpRouteMatch.optional(),
});

/** A route for TCP. */
export type TcpRoute = z.infer<typeof tcpRoute>;
