import type { ResourceKind } from '../found-resource.ts';
import { coreOf, numbered } from './file-name.ts';
import { nameMembers } from './kind.ts';
import type { Known, KnownFolder, Naming } from './known.ts';
import type { FoundName } from './naming.ts';

/** The router or gateway of a route; without a reason when the request says it, or a setting. */
export interface FoundParent {
  readonly name: string;
  readonly reason?: string;
}

type ParentKind = 'virtualRouter' | 'virtualGateway';

const parentKinds: Readonly<Partial<Record<ResourceKind, ParentKind>>> = {
  route: 'virtualRouter',
  gatewayRoute: 'virtualGateway',
};

/**
 * Finds the router or gateway of each route: the one its request says or that was given, else the only one there is,
 * or the one whose name says the same as the name of the route or of its file, with its number or without.
 */
export function parentsOf(
  folder: KnownFolder,
  nameOf: (one: Known) => FoundName,
  { values, used }: Naming,
): (one: Known) => FoundParent | undefined {
  const likely = {
    virtualRouter: likelyParents('virtualRouter', folder, nameOf),
    virtualGateway: likelyParents('virtualGateway', folder, nameOf),
  };
  return (one) => {
    const kind = parentKinds[one.kind];
    if (kind === undefined) return undefined;
    const { own } = nameMembers[kind];
    const said = one.names.get(own);
    if (said !== undefined) return { name: said };
    const given = values.get(own);
    if (given === undefined) return likely[kind]([nameOf(one).name, one.stem]);
    used.add(own);
    return { name: given };
  };
}

function likelyParents(
  kind: ParentKind,
  { requests, referenced }: KnownFolder,
  nameOf: (one: Known) => FoundName,
): (texts: readonly string[]) => FoundParent | undefined {
  const names = new Set([
    ...(referenced.get(kind) ?? []),
    ...requests.flatMap((one) =>
      one.kind === kind ? nameOf(one).name : (one.names.get(nameMembers[kind].own) ?? []),
    ),
  ]);
  const [only] = names;
  const byCore = Map.groupBy(names, coreOf);
  return (texts) => {
    if (only !== undefined && names.size === 1) return { name: only, reason: 'the only one here' };
    const cores = texts.flatMap((text) => [coreOf(text), coreOf(numbered(text)?.base ?? text)]);
    const alike = cores.map((core) => (core === '' ? [] : (byCore.get(core) ?? [])));
    const name = alike.find(({ length }) => length === 1)?.[0];
    return name === undefined ? undefined : { name, reason: 'the one of that name' };
  };
}
