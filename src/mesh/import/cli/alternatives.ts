import { kindNames } from '../assembly/resource-title.ts';
import type { Finding, FoundResource } from '../found-resource.ts';
import { fileSettingOf } from '../placeholders/values.ts';
import { isChange, isVersionOf } from './file-name.ts';
import { nameMembers } from './kind.ts';
import type { Request } from './request.ts';

/** A resource, and the request that specifies it. */
export interface Specified {
  readonly request: Request;
  readonly resource: FoundResource;
  /** The name of its file, if that is what it is named by. */
  readonly stem: string | undefined;
  /** What to tell of its names, if it counts. */
  readonly note: Finding | undefined;
}

/** Resources in their last versions, and the requests that are superseded. */
export interface LastVersions {
  readonly resources: readonly FoundResource[];
  readonly superseded: readonly Request[];
  readonly findings: readonly Finding[];
}

/**
 * Of several versions of one resource the last one counts: an update after what it updates, a file whose name extends
 * another's after that, and else as they were given.
 */
export function lastVersions(specified: readonly Specified[]): LastVersions {
  const groups = [...Map.groupBy(specified, ({ resource }) => keyOf(resource)).values()].map((versions) =>
    versions
      .map((version) => ({ version, rank: rankOf(version, versions) }))
      .sort((one, other) => one.rank - other.rank)
      .map(({ version }) => version),
  );
  return {
    resources: groups.flatMap((versions) => versions.slice(-1).map(({ resource }) => resource)),
    superseded: groups.flatMap((versions) => versions.slice(0, -1).map(({ request }) => request)),
    findings: groups.flatMap((versions) =>
      versions
        .slice(-1)
        .flatMap((last) => [
          ...(last.note ? [last.note] : []),
          ...(versions.length > 1 ? [alternatives(last, versions)] : []),
        ]),
    ),
  };
}

function alternatives({ resource }: Specified, versions: readonly Specified[]): Finding {
  const files = versions.map(({ request }) => request.file);
  const namedByFile = versions.findLast(({ stem }) => stem !== undefined)?.request.file;
  const another = namedByFile && fileSettingOf(namedByFile, nameMembers[resource.kind].own, 'NAME');
  return {
    severity: 'note',
    code: 'cli-alternatives',
    message: `${kindNames[resource.kind]} ${resource.name} is specified ${versions.length} times, in ${files.join(', ')}; the last of them counts`,
    origin: resource.origin,
    remedy: `Give only the file that is meant, or give that one last${another ? `; or give ${another} if it is another one` : ''}.`,
  };
}

function rankOf({ request, stem }: Specified, versions: readonly Specified[]): number {
  if (isChange(request.file)) return versions.length;
  if (stem === undefined) return 0;
  return versions.filter((other) => other.stem !== undefined && isVersionOf(stem, other.stem)).length;
}

/** Resources of one kind, mesh, parent and name are one resource. */
function keyOf({ kind, mesh, parent, name }: FoundResource): string {
  return JSON.stringify([kind, mesh, parent, name]);
}
