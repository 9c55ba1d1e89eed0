import { kindNames } from '../assembly/resource-title.ts';
import type { Finding, ResourceKind } from '../found-resource.ts';
import { fileSettingOf, givenInFile, stemOf, type Values } from '../placeholders/values.ts';
import { kindOfName } from './file-name.ts';
import { kindsOf, nameMembers } from './kind.ts';
import { type ReferencedNames, referencedNames } from './references.ts';
import type { Request } from './request.ts';

/** Values that were given, those that were used, and whom to tell what is found. */
export interface Naming {
  readonly values: Values;
  readonly used: Set<string>;
  readonly tell: (finding: Finding) => void;
}

/** A request of a known kind, with the names that it says and those that were given for its file. */
export interface Known {
  readonly request: Request;
  readonly kind: ResourceKind;
  /** Its own name, where it is said or given. */
  readonly name: string | undefined;
  readonly names: ReadonlyMap<string, string>;
  /** Its file's name without what tells the kind of file. */
  readonly stem: string;
}

/** Requests of one folder, and the names by which their specs refer to resources. */
export interface KnownFolder {
  readonly requests: readonly Known[];
  readonly referenced: ReferencedNames;
}

/** Finds out what kind each request of a folder is of; where it could be of several, it is told of. */
export function knownFolder(requests: readonly Request[], naming: Naming): KnownFolder {
  const referenced = referencedNames(requests.map(({ spec }) => spec));
  const known = requests.map((request) => ofKind(request, referenced, naming));
  return { requests: withOnlyNames(known, naming), referenced };
}

function ofKind(request: Request, referenced: ReferencedNames, naming: Naming): Known {
  const names = withGivenNames(request, naming);
  const stem = stemOf(request.file);
  const kinds = kindsOf(new Set(names.keys()), request.spec);
  const told = kindOfName(stem);
  const kind =
    kinds.find((candidate) => kinds.length === 1 || referenced.get(candidate)?.has(stem)) ??
    kinds.find((candidate) => candidate === told);
  if (kind === undefined) naming.tell(assumedKind(request, kinds));
  const decided = kind ?? kinds[0] ?? 'mesh';
  return { request, kind: decided, name: names.get(nameMembers[decided].own), names, stem };
}

/** The names that a request says, and those that were given for its file. */
function withGivenNames({ file, names }: Request, { values, used }: Naming): ReadonlyMap<string, string> {
  const given = Object.values(nameMembers).flatMap(({ own }) => {
    const value = names.has(own) ? undefined : givenInFile(values, file, own);
    if (value) used.add(value.key);
    return value ? [[own, value.value] as const] : [];
  });
  return new Map([...names, ...given]);
}

/** A name given without a file is that of the only request of its kind that has none. */
function withOnlyNames(known: readonly Known[], { values, used }: Naming): Known[] {
  const nameless = Map.groupBy(
    known.filter(({ name }) => name === undefined),
    ({ kind }) => kind,
  );
  return known.map((one) => {
    const { own } = nameMembers[one.kind];
    const value = one.name === undefined ? values.get(own) : undefined;
    if (value === undefined || nameless.get(one.kind)?.length !== 1) return one;
    used.add(own);
    return { ...one, name: value };
  });
}

function assumedKind({ file, locate }: Request, kinds: readonly ResourceKind[]): Finding {
  const [assumed, ...others] = kinds.map((kind) => kindNames[kind]);
  const settings = kinds.map((kind) => fileSettingOf(file, nameMembers[kind].own, 'NAME'));
  return {
    severity: 'warning',
    code: 'cli-kind-assumed',
    message: `this is taken to specify a ${assumed}; it could be a ${others.join(' or a ')} as well`,
    origin: locate([]),
    remedy: `Name it to say what it is: ${settings.join(', or ')}.`,
  };
}
