import type { WeightedTarget } from '../../model/mesh/weighted-target.ts';
import type { ReachableService } from '../proxy-model.ts';

/** Where requests or connections go: a field of Envoy's RouteAction and of its TcpProxy alike. */
export type ClusterChoice =
  | { readonly cluster: string }
  | {
      readonly weighted_clusters: {
        readonly clusters: readonly { readonly name: string; readonly weight: number }[];
      };
    };

/**
 * Clusters by the weights of a route's targets: what counts is the proportion, whatever the sum. A target of
 * weight 0 gets nothing; targets of one cluster share theirs.
 * https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_WeightedTarget.html
 * @throws {RangeError} when no target has a weight
 */
export function clusterChoice(
  targets: readonly WeightedTarget[],
  clusterOf: ReachableService['clusterOf'],
): ClusterChoice {
  const weights = new Map<string, number>();
  for (const target of targets) {
    if (target.weight === 0) continue;
    const cluster = clusterOf(target);
    weights.set(cluster, (weights.get(cluster) ?? 0) + target.weight);
  }
  const clusters = [...weights].map(([name, weight]) => ({ name, weight }));
  const [only] = clusters;
  if (only === undefined) throw new RangeError('every target has weight 0');
  return clusters.length === 1 ? { cluster: only.name } : { weighted_clusters: { clusters } };
}
