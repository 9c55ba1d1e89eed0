import type { Duration } from '../model/mesh/duration.ts';
import type { MeshResources } from '../model/mesh/mesh-resources.ts';
import { perlOnly } from '../model/mesh/regular-expression.ts';
import { type LocatedMistake, located } from '../model/mistake.ts';
import { routeRefusals } from './envoy/route-refusals.ts';

/**
 * What resources say that Envoy has no words for, with the path of each. Of everything else a mesh can say, each field
 * is compiled. Resources are taken to be right otherwise (`checkResources`).
 */
export function refusals(resources: MeshResources): LocatedMistake[] {
  const { virtualNodes, virtualServices, virtualRouters, virtualGateways } = resources;
  return [
    ...healthCheckRefusals(resources),
    ...valueRefusals([], { virtualNodes, virtualServices, virtualRouters, virtualGateways }),
    ...routeRefusals(resources),
  ];
}

/** https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/core/v3/health_check.proto#config-core-v3-healthcheck-grpchealthcheck */
function healthCheckRefusals({ virtualNodes }: MeshResources): LocatedMistake[] {
  return Object.entries(virtualNodes).flatMap(([name, { listeners = [] }]) =>
    listeners.flatMap(({ portMapping: { protocol }, healthCheck }, index) =>
      healthCheck?.protocol === 'grpc' && (protocol === 'http' || protocol === 'tcp')
        ? [
            located(
              ['virtualNodes', name, 'listeners', index, 'healthCheck', 'protocol'],
              'grpc',
              `${protocol}: gRPC needs a listener that speaks HTTP/2`,
            ),
          ]
        : [],
    ),
  );
}

/** Longest span of time that is taken, in milliseconds: a year. */
const longest = 31_536_000_000;

/** Members of an outlier detection that Envoy wants to be more than nothing. */
const positive: ReadonlySet<PropertyKey> = new Set(['interval', 'baseEjectionDuration']);

/** Values that are wrong wherever they stand. */
function valueRefusals(at: readonly PropertyKey[], value: unknown): LocatedMistake[] {
  if (typeof value !== 'object' || value === null) return regexRefusals(at, value);
  if (isDuration(value)) return durationRefusals(at, value);
  if (Array.isArray(value)) return value.flatMap((item, index) => valueRefusals([...at, index], item));
  return Object.entries(value).flatMap(([key, member]) => valueRefusals([...at, key], member));
}

function isDuration(value: object): value is Duration {
  return 'unit' in value && 'value' in value && typeof value.value === 'number';
}

function durationRefusals(at: readonly PropertyKey[], { unit, value }: Duration): LocatedMistake[] {
  if (value === 0 && positive.has(at.at(-1) ?? '')) return [located(at, value, 'more than 0')];
  const milliseconds = unit === 's' ? value * 1000 : value;
  return milliseconds > longest ? [located(at, `${value} ${unit}`, 'at most a year')] : [];
}

/** Envoy matches by RE2, which is what makes every match end in time: https://github.com/google/re2/wiki/Syntax */
function regexRefusals(at: readonly PropertyKey[], value: unknown): LocatedMistake[] {
  if (at.at(-1) !== 'regex' || typeof value !== 'string') return [];
  const construct = perlOnly(value);
  return construct === undefined
    ? []
    : [located(at, value, `an expression without ${construct}, which RE2 does not have`)];
}
