import type { FoundResource, Origin, ResourceKind } from '../found-resource.ts';

/** App Mesh's words for its kinds of resources. */
export const kindNames: Readonly<Record<ResourceKind, string>> = {
  mesh: 'mesh',
  virtualNode: 'virtual node',
  virtualService: 'virtual service',
  virtualRouter: 'virtual router',
  route: 'route',
  virtualGateway: 'virtual gateway',
  gatewayRoute: 'gateway route',
};

/** A resource as a person calls it: `virtual node front`, `route all of router front`. */
export function titleOf({ kind, name, parent }: Pick<FoundResource, 'kind' | 'name' | 'parent'>): string {
  if (parent === undefined) return `${kindNames[kind]} ${name}`;
  return `${kindNames[kind]} ${name} of ${kind === 'route' ? 'router' : 'gateway'} ${parent}`;
}

/** A place as a person writes it: `mesh.yaml:12`. */
export function placeText({ file, line }: Origin): string {
  return `${file}:${line}`;
}

/** What tells a resource from all others of its mesh. */
export function identityOf({ kind, name, parent }: Pick<FoundResource, 'kind' | 'name' | 'parent'>): string {
  return JSON.stringify([kind, parent ?? '', name]);
}
