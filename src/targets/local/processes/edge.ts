import type { EdgeConfiguration } from '../../../edge/configuration.ts';
import { openEdge } from '../../../edge/edge.ts';
import { runConfiguredServer } from './configured-server.ts';

runConfiguredServer<EdgeConfiguration>('edge', openEdge);
