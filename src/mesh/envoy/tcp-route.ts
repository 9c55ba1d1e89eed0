import type { TcpEgressListener } from '../proxy-model.ts';
import { inOrder, priorityRank } from './route-order.ts';
import { connectionTimeout } from './timeout.ts';
import { clusterChoice } from './weighted-cluster.ts';

/**
 * Fields of Envoy's TcpProxy for connections to a virtual service: where they go and how long they may be silent.
 * A connection says nothing of itself, so one route takes all: of those for the listener's port the one of the
 * smallest priority, then the first by name.
 * https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_TcpRoute.html
 * @throws {RangeError} when no TCP route is for this port, or all targets of the first have weight 0
 */
export function tcpTargets({ port, service }: TcpEgressListener): Record<string, unknown> {
  const routes = service.routes.flatMap(({ name, spec: { tcpRoute, priority } }) =>
    tcpRoute === undefined || (tcpRoute.match?.port ?? port) !== port
      ? []
      : [{ name, rank: [priorityRank(priority)], route: tcpRoute }],
  );
  const [first] = inOrder(routes);
  if (first === undefined) throw new RangeError(`${service.name} has no TCP route for port ${port}`);
  return {
    ...clusterChoice(first.route.action.weightedTargets, service.clusterOf),
    ...connectionTimeout(first.route.timeout),
  };
}
