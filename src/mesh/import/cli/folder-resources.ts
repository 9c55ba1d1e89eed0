import { kindNames } from '../assembly/resource-title.ts';
import type { Finding } from '../found-resource.ts';
import { fileSettingOf } from '../placeholders/values.ts';
import { type LastVersions, lastVersions } from './alternatives.ts';
import { nameMembers } from './kind.ts';
import { type Known, knownFolder, type Naming } from './known.ts';
import { type FoundName, namesOf } from './naming.ts';
import { type FoundParent, parentsOf } from './parent.ts';
import type { Request } from './request.ts';

/** The resources that the requests of one folder specify, each in its last version. */
export function folderResources(requests: readonly Request[], naming: Naming): LastVersions {
  const folder = knownFolder(requests, naming);
  const nameOf = namesOf(folder);
  const parentOf = parentsOf(folder, nameOf, naming);
  const mesh = meshOf(folder.requests, nameOf, naming);
  return lastVersions(
    folder.requests.map((one) => {
      const { request, kind } = one;
      const found = nameOf(one);
      const { name } = found;
      const parent = parentOf(one);
      return {
        request,
        stem: found.after === undefined ? undefined : one.stem,
        note: found.after || parent?.reason ? assumedNames(one, found, parent) : undefined,
        resource: {
          kind,
          name,
          mesh: kind === 'mesh' ? name : (one.names.get('meshName') ?? mesh),
          parent: parent?.name,
          meshOwner: request.meshOwner,
          spec: request.spec,
          origin: request.locate([]),
          locate: request.locate,
          // Only what creates a resource gives it tags; else the same words both create and update.
          update: !request.hasTags,
        },
      };
    }),
  );
}

/** The mesh of requests that name none: the one that was given, or the only one that the folder knows of. */
function meshOf(
  requests: readonly Known[],
  nameOf: (one: Known) => FoundName,
  { values, used }: Naming,
): string | undefined {
  const given = values.get('meshName');
  if (given !== undefined) used.add('meshName');
  const meshes = new Set(
    requests.flatMap((one) => (one.kind === 'mesh' ? nameOf(one).name : (one.names.get('meshName') ?? []))),
  );
  const [only] = meshes;
  return given ?? (meshes.size === 1 ? only : undefined);
}

function assumedNames({ kind, request }: Known, { name, after }: FoundName, parent?: FoundParent): Finding {
  const members = nameMembers[kind];
  const title = `${kindNames[kind]} ${name}`;
  const ofName = after && `the ${title} is named after ${after}`;
  const ofParent =
    parent?.reason && `${after ? 'it' : title} is taken to be of ${parent.name}, ${parent.reason}`;
  const settings = [after && members.own, parent?.reason && members.parent]
    .filter((member) => member !== undefined)
    .map((member) => fileSettingOf(request.file, member, 'NAME'));
  return {
    severity: 'note',
    code: 'cli-name-assumed',
    message: [ofName, ofParent].filter((text) => text !== undefined).join('; '),
    origin: request.locate([]),
    remedy: `Give ${settings.join(' and ')} if that is wrong.`,
  };
}
