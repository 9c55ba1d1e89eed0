import type { GatewayConfiguration, RoutePlan } from './configuration.ts';
import { TokenBucket } from './token-bucket.ts';

/** A method of a route: what is throttled on its own. */
export interface MethodDeployment {
  readonly name: string;
  readonly bucket: TokenBucket;
}

/** A route with its methods by name. */
export interface RouteDeployment {
  readonly plan: RoutePlan;
  /** The route's path as a template: a name in braces is any one segment. */
  readonly segments: readonly string[] | undefined;
  readonly methods: ReadonlyMap<string, MethodDeployment>;
}

/** Everything a request needs of the configuration, immutable but for the levels of the buckets. */
export interface Deployment {
  readonly configuration: GatewayConfiguration;
  readonly account: TokenBucket;
  /** Longest path first. */
  readonly routes: readonly RouteDeployment[];
  /** The start of every method's ARN. */
  readonly arn: string;
}

/**
 * Makes a deployment; buckets of methods that were there before go on with what is in them.
 * @param now monotonic milliseconds
 */
export function deploy(configuration: GatewayConfiguration, now: number, before?: Deployment): Deployment {
  const { name, account, routes } = configuration.plan.gateway;
  return {
    configuration,
    account: bucketOf(account, now, before?.account),
    routes: routes
      .map((plan) => routeOf(plan, now, before))
      .sort((left, right) => right.plan.path.length - left.plan.path.length),
    arn: `arn:aws:execute-api:local:000000000000:${name}/local`,
  };
}

function routeOf(plan: RoutePlan, now: number, before: Deployment | undefined): RouteDeployment {
  const former = before?.routes.find((route) => route.plan.path === plan.path);
  const methods = plan.methods.map((name): [string, MethodDeployment] => [
    name,
    { name, bucket: bucketOf(plan.throttle, now, former?.methods.get(name)?.bucket) },
  ]);
  return {
    plan,
    segments: plan.path.includes('{') ? plan.path.split('/') : undefined,
    methods: new Map(methods),
  };
}

function bucketOf(
  size: { readonly rate: number; readonly burst: number },
  now: number,
  before: TokenBucket | undefined,
): TokenBucket {
  if (!before) return new TokenBucket(size, now);
  before.resize(size, now);
  return before;
}

/** The route and method of a request that has not been matched. */
export const noRoute: RouteDeployment = {
  plan: {
    path: '',
    methods: [],
    throttle: { rate: 0, burst: 0 },
    cache: { ttl: 0, query: [] },
    auth: { mode: 'required', ttl: 0 },
  },
  segments: undefined,
  methods: new Map(),
};
export const noMethod: MethodDeployment = { name: '', bucket: new TokenBucket({ rate: 0, burst: 0 }, 0) };
