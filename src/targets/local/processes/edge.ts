import { type EdgeConfiguration, openEdge } from '../../../edge/edge.ts';
import { runConfiguredServer } from './configured-server.ts';

runConfiguredServer<EdgeConfiguration>('edge', openEdge);
