import type { Finding, FoundResource } from '../found-resource.ts';
import { substitute } from '../placeholders/substitute.ts';
import { unresolvedFindings } from '../placeholders/unresolved.ts';
import type { Values } from '../placeholders/values.ts';
import type { SourceDocument } from '../source.ts';
import { byFolder } from './folder.ts';
import { folderResources } from './folder-resources.ts';
import { isNeeded, requestOf } from './request.ts';
import { scriptFindings } from './scripts.ts';

/** What specifications of the AWS CLI hold. */
export interface SpecificationImport {
  readonly resources: readonly FoundResource[];
  readonly findings: readonly Finding[];
  /** The keys of the values that were used. */
  readonly used: ReadonlySet<string>;
}

/**
 * Reads the requests of `aws appmesh create-*` and `update-*`, the answers of `describe-*`, and bare specs. What they
 * leave to the command line is found in values given for the file under the request's own words (`virtualNodeName`),
 * or else from the file's name and the other requests of its folder, which is told of. `scripts` are the shell scripts
 * of the folders that were given: they are not read, which is told of, too.
 */
export function specificationResources(
  documents: readonly SourceDocument[],
  values: Values = new Map(),
  scripts: readonly string[] = [],
): SpecificationImport {
  const findings: Finding[] = [];
  const tell = (finding: Finding) => findings.push(finding);
  const filled = documents.map((document) => {
    const { value, unresolved, used } = substitute(document, values);
    return { document, unresolved, used, request: requestOf({ ...document, value }, tell) };
  });
  const used = new Set(filled.flatMap((one) => [...one.used]));
  const requests = filled.flatMap(({ request }) => request ?? []);
  const folders = byFolder(requests).map((folder) => folderResources(folder, { values, used, tell }));
  const superseded = new Set(folders.flatMap((folder) => folder.superseded));
  const unresolved = filled
    .filter(({ request }) => request === undefined || !superseded.has(request))
    .map(({ document, unresolved: all }) => {
      const { true: needed = [], false: unneeded = [] } = Object.groupBy(all, ({ path }) =>
        isNeeded(path) ? 'true' : 'false',
      );
      return { document, needed, unneeded };
    });
  return {
    resources: folders.flatMap(({ resources }) => resources),
    findings: [
      ...unresolvedFindings(unresolved),
      ...findings,
      ...folders.flatMap((folder) => folder.findings),
      ...scriptFindings(
        scripts,
        requests.map(({ file }) => file),
      ),
    ],
    used,
  };
}
