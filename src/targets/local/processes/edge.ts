import type { EdgeConfiguration } from '../../../edge/configuration.ts';
import { type Edge, openEdge } from '../../../edge/edge.ts';
import { runConfiguredServer } from './configured-server.ts';

/** What the supervisor may ask of the edge. */
type EdgeRequest = { readonly type: 'invalidate'; readonly paths: readonly string[] };

runConfiguredServer<EdgeConfiguration, Edge>('edge', openEdge, (edge, request) =>
  edge.invalidate((request as EdgeRequest).paths),
);
