import { isObject } from '../format.ts';
import type { ResourceKind } from '../found-resource.ts';
import { changedName, coreOf, isVersionOf, numbered } from './file-name.ts';
import type { Known, KnownFolder } from './known.ts';
import { targetsOf } from './references.ts';

/** A name, and what it was found by; nothing when the request says it, or a setting. */
export interface FoundName {
  readonly name: string;
  readonly after?: 'its file' | 'the file it is a version of' | 'what refers to it';
}

/**
 * Finds the names of requests that do not say them, from their files' names and what the other requests of the folder
 * say. A file `front-vn-strict-tls` is a version of `front-vn` when there is one; a file whose name is what another
 * request refers to, but for the words that say the kind, has that name.
 */
export function namesOf(folder: KnownFolder): (one: Known) => FoundName {
  const parents = parentCores(folder);
  const ofKind = new Map(
    [...Map.groupBy(folder.requests, ({ kind }) => kind)].map(([kind, all]) => [
      kind,
      kindNaming(kind, all, folder, parents),
    ]),
  );
  return (one) => ofKind.get(one.kind)?.(one) ?? { name: one.stem, after: 'its file' };
}

function kindNaming(
  kind: ResourceKind,
  all: readonly Known[],
  { referenced }: KnownFolder,
  parents: ReadonlySet<string>,
): (one: Known) => FoundName {
  const known = new Set([...(referenced.get(kind) ?? []), ...all.flatMap(({ name }) => name ?? [])]);
  const byCore = Map.groupBy(known, (name) => coreOfName(kind, name));
  const byLength = [...known].sort((one, other) => one.length - other.length);
  const files = all.toSorted((one, other) => one.stem.length - other.stem.length);
  const byBase = Map.groupBy(all, ({ stem }) => numbered(stem)?.base);
  const found = new Map<Known, FoundName>();

  const nameOf = (one: Known): FoundName => {
    const name = found.get(one) ?? named(one);
    found.set(one, name);
    return name;
  };
  const named = (one: Known): FoundName => {
    const { name, stem } = one;
    if (name !== undefined) return { name };
    if (known.has(stem)) return { name: stem, after: 'its file' };
    const core = coreOf(stem);
    const [alike, anotherAlike] = (core !== '' && byCore.get(core)) || [];
    if (alike !== undefined && anotherAlike === undefined) return { name: alike, after: 'what refers to it' };
    const base = files.find((other) => isVersionOf(stem, other.stem)) ?? changed(one, byBase);
    const common =
      base === undefined
        ? (commonName(one, byBase, parents) ?? byLength.find((other) => isVersionOf(stem, other)))
        : nameOf(base).name;
    return common === undefined
      ? { name: stem, after: 'its file' }
      : { name: common, after: 'the file it is a version of' };
  };
  return nameOf;
}

type ByBase = ReadonlyMap<string | undefined, readonly Known[]>;

/** `front-route-updated-x` changes `front-route-1` when that, of all numbered ones, leads where it leads. */
function changed({ stem, request }: Known, byBase: ByBase): Known | undefined {
  const base = changedName(stem);
  const candidates = base === undefined ? [] : (byBase.get(base) ?? []);
  if (candidates.length < 2) return candidates[0];
  const targets = targetsText(request.spec);
  const [alike, another] = candidates.filter((other) => targetsText(other.request.spec) === targets);
  return another === undefined ? alike : undefined;
}

/**
 * `route-1` and `route-2` are versions of `route` when both are for the same requests, so that only one could ever be
 * chosen, and neither has a router or a gateway of its number.
 */
function commonName(
  { kind, stem, request }: Known,
  byBase: ByBase,
  parents: ReadonlySet<string>,
): string | undefined {
  if ((kind !== 'route' && kind !== 'gatewayRoute') || parents.has(coreOf(stem))) return undefined;
  const base = numbered(stem)?.base;
  const own = matchText(request.spec);
  const isAlike = (byBase.get(base) ?? []).some(
    (other) => other.stem !== stem && matchText(other.request.spec) === own,
  );
  return isAlike ? base : undefined;
}

function parentCores({ requests, referenced }: KnownFolder): ReadonlySet<string> {
  const kinds: readonly ResourceKind[] = ['virtualRouter', 'virtualGateway'];
  const names = [
    ...kinds.flatMap((kind) => [...(referenced.get(kind) ?? [])]),
    ...requests.filter(({ kind }) => kinds.includes(kind)).map(({ stem, name }) => name ?? stem),
  ];
  return new Set(names.map(coreOf));
}

function targetsText(spec: unknown): string {
  return JSON.stringify([...targetsOf(spec)].sort());
}

/** What decides whether a route takes a request, as a text to compare. */
function matchText(spec: unknown): string {
  const members = isObject(spec) ? Object.entries(spec) : [];
  return JSON.stringify(members.map(([member, value]) => [member, isObject(value) ? value.match : value]));
}

/** A virtual service is called as its host is; a file, as the host's first label. */
function coreOfName(kind: ResourceKind, name: string): string {
  return coreOf(kind === 'virtualService' ? (name.split('.', 1)[0] ?? '') : name);
}
