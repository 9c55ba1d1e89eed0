import type { IncomingMessage, RequestListener } from 'node:http';
import blueprint from '../../blueprint.ts';
import type { EdgeConfiguration } from '../../src/edge/configuration.ts';
import type { Edge } from '../../src/edge/edge.ts';
import type { BlueprintDocument } from '../../src/model/document.ts';
import { type Asked, ask, type Received } from './cache/cache-fixture.ts';
import { accessOf, configurationOf, makeOriginFolder, startEdge, startGateway } from './edge-fixture.ts';

type Access = BlueprintDocument['access'];
type Behavior = Access['behaviors'][number];

interface Scope {
  after(fn: () => Promise<void>): void;
}

/** An edge in front of a gateway of the test's own, with time in the test's hand. */
export interface CachingEdge {
  readonly edge: Edge;
  readonly configuration: EdgeConfiguration;
  /** What the gateway was asked, in order. */
  readonly asked: IncomingMessage[];
  /** Lets so many seconds pass. */
  pass(seconds: number): void;
  ask(target: string, asked?: Asked): Promise<Received>;
  /** The answer's body, and where it came from. */
  of(target: string, asked?: Asked): Promise<string>;
  stopGateway(): Promise<void>;
}

/** A behaviour for everything of the API, with a cache policy of its own. */
export function cached(
  policy: NonNullable<Access['cachePolicies']>[string],
  behavior: Partial<Behavior> = {},
): Partial<Access> {
  return {
    cachePolicies: { ...blueprint.access.cachePolicies, own: policy },
    behaviors: [
      { path: '/api/*', origin: 'api', cachePolicy: 'own', ...behavior },
      { path: '/*', origin: 'pages', cachePolicy: 'documents' },
    ],
  };
}

/** Starts an edge with the blueprint's own section, or with parts of it changed. */
export async function startCachingEdge(
  t: Scope,
  listener: RequestListener,
  access: Partial<Access> = {},
  configured: Partial<EdgeConfiguration> = {},
): Promise<CachingEdge> {
  const asked: IncomingMessage[] = [];
  let passed = 0;
  const gateway = await startGateway(t, (request, response) => {
    asked.push(request);
    // The gateway lives in the same time as the edge.
    response.setHeader('date', new Date(Date.now() + passed).toUTCString());
    listener(request, response);
  });
  const folder = await makeOriginFolder(t);
  const section = accessOf({ ...blueprint.access, functions: {}, ...access });
  const configuration = {
    ...configurationOf(folder, gateway),
    plan: { access: section },
    ...configured,
  };
  const clock = { now: () => Date.now() + passed, monotonic: () => performance.now() + passed };
  const edge = await startEdge(t, configuration, { clock });
  const { port } = edge.address;
  return {
    edge,
    configuration,
    asked,
    pass(seconds) {
      passed += seconds * 1000;
    },
    ask: (target, options) => ask(port, target, options),
    async of(target, options) {
      const { body, headers } = await ask(port, target, options);
      return `${body} ${headers['x-cache']}`;
    },
    stopGateway: gateway.stop,
  };
}
