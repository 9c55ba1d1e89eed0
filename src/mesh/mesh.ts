import type { Plan } from '../model/plan.ts';

/** The mesh section of a plan, as far as proxies are concerned. Durations are milliseconds. */
export type Mesh = Pick<
  Plan['mesh'],
  'name' | 'egressFilter' | 'mutualTls' | 'panicThreshold' | 'nodes' | 'gateway'
> & {
  readonly routers: Readonly<
    Record<
      string,
      Omit<Plan['mesh']['routers'][string], 'routes'> & {
        readonly routes: readonly Omit<Plan['mesh']['routers'][string]['routes'][number], 'fullTries'>[];
      }
    >
  >;
};

/** A virtual node. */
type VirtualNode = Mesh['nodes'][string];

/** A route of a virtual router. */
type Route = Mesh['routers'][string]['routes'][number];

/** A retry policy in App Mesh's terms. */
export type RetryPolicy = NonNullable<Route['retry']>;

/** Limits towards a node. */
export type ConnectionPool = VirtualNode['connectionPool'];

/** When a node's failing hosts are left out. */
export type OutlierDetection = NonNullable<VirtualNode['outlierDetection']>;

/** How a service's health is checked. Durations are milliseconds. */
export type HealthSettings = Plan['compute']['services'][string]['health'];
