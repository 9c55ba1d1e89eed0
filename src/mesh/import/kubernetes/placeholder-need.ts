import type { Unresolved } from '../placeholders/substitute.ts';
import { appMeshGroup, itemsOf, membersOf } from './object.ts';

/** Tells the placeholders that the mesh needs from those it does not, such as the image of a container. */
export function byNeed(
  value: unknown,
  unresolved: readonly Unresolved[],
): { readonly needed: readonly Unresolved[]; readonly unneeded: readonly Unresolved[] } {
  const { true: needed = [], false: unneeded = [] } = Object.groupBy(unresolved, ({ path }) =>
    isNeeded(value, path) ? 'true' : 'false',
  );
  return { needed, unneeded };
}

/** The names, labels and specs of App Mesh's resources, and the names and labels of namespaces. */
function isNeeded(value: unknown, path: readonly PropertyKey[]): boolean {
  const [first, index, ...rest] = path;
  if (first === 'items' && typeof index === 'number') {
    return isNeeded(itemsOf(membersOf(value).items)[index], rest);
  }
  const { apiVersion, kind } = membersOf(value);
  const isMesh = typeof apiVersion === 'string' && apiVersion.startsWith(`${appMeshGroup}/`);
  const [, member] = path;
  if (first === 'metadata') {
    return (isMesh || kind === 'Namespace') && ['name', 'namespace', 'labels'].includes(String(member));
  }
  return isMesh && first !== 'status';
}
