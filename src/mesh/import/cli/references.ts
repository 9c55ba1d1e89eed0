import { isObject } from '../format.ts';
import type { ResourceKind } from '../found-resource.ts';

/** The names by which specs refer to resources, by kind. */
export type ReferencedNames = ReadonlyMap<ResourceKind, ReadonlySet<string>>;

/** Members that hold the name of another resource, wherever they stand in a spec. */
const referring: Readonly<Record<string, ResourceKind>> = {
  virtualNodeName: 'virtualNode',
  virtualRouterName: 'virtualRouter',
  virtualServiceName: 'virtualService',
  virtualGatewayName: 'virtualGateway',
};

/** All names that some specs refer to, apart by kind. */
export function referencedNames(specs: readonly unknown[]): ReferencedNames {
  const names = new Map<ResourceKind, Set<string>>();
  const add = (kind: ResourceKind, name: string) => {
    names.set(kind, (names.get(kind) ?? new Set()).add(name));
  };
  for (const spec of specs) collect(spec, add);
  return names;
}

/** The nodes and services that a route leads to. */
export function targetsOf(spec: unknown): ReadonlySet<string> {
  const targets = new Set<string>();
  collect(spec, (_, name) => targets.add(name));
  return targets;
}

function collect(value: unknown, add: (kind: ResourceKind, name: string) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, add);
    return;
  }
  if (!isObject(value)) return;
  for (const [member, part] of Object.entries(value)) {
    if (typeof part !== 'string') collect(part, add);
    // A weighted target names its node without more words.
    else if (member === 'virtualNode') add('virtualNode', part);
    else if (Object.hasOwn(referring, member)) add(referring[member] as ResourceKind, part);
  }
}
