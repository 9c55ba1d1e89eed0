import type { Finding, FoundResource } from '../found-resource.ts';
import { substitute } from '../placeholders/substitute.ts';
import { unresolvedFindings } from '../placeholders/unresolved.ts';
import type { Values } from '../placeholders/values.ts';
import type { SourceDocument } from '../source.ts';
import { clusterOf, isAppMesh } from './cluster.ts';
import { gatewayMembership } from './gateway-membership.ts';
import { meshMembership } from './mesh-membership.ts';
import { type KubernetesObject, objectsOf } from './object.ts';
import { byNeed } from './placeholder-need.ts';
import { skippedFindings } from './skipped.ts';
import { converterOf } from './version.ts';
import { type Workload, workloadsOf } from './workload.ts';

/** What Kubernetes documents hold for App Mesh. */
export interface KubernetesImport {
  readonly resources: readonly FoundResource[];
  readonly findings: readonly Finding[];
  /** The pods of nodes and gateways, for what surrounds their proxies. */
  readonly workloads: readonly Workload[];
  /** The keys of the values that were used. */
  readonly used: ReadonlySet<string>;
}

/** Objects of one run: selectors are tried on every object, so their number bounds the time. */
const objectLimit = 20_000;

/**
 * Brings App Mesh's custom resources into the API's words, as the controller did: v1beta2, and v1beta1. All documents
 * are looked at together, since namespaces, meshes and references stand in different ones. A mesh that they do not hold
 * is named by the value of `meshName`.
 */
export function kubernetesResources(
  documents: readonly SourceDocument[],
  values: Values = new Map(),
): KubernetesImport {
  const filled = documents.map((document) => ({ document, ...substitute(document, values) }));
  const used = new Set(filled.flatMap((document) => [...document.used]));
  const objects = filled.flatMap(({ document: { file, locate }, value }) =>
    objectsOf({ value, file, locate }),
  );
  const beyond = objects[objectLimit];
  if (beyond) return { resources: [], findings: [tooMany(beyond)], workloads: [], used };
  const findings: Finding[] = [
    ...unresolvedFindings(
      filled.map(({ document, value, unresolved }) => ({ document, ...byNeed(value, unresolved) })),
    ),
    ...skippedFindings(objects),
  ];
  const givenMesh = () => {
    const given = values.get('meshName');
    if (given !== undefined) used.add('meshName');
    return given;
  };
  const { resources, workloads } = converted(objects, givenMesh, (finding) => findings.push(finding));
  return { resources, findings: distinct(findings), workloads, used };
}

function converted(
  objects: readonly KubernetesObject[],
  givenMesh: () => string | undefined,
  tell: (finding: Finding) => void,
) {
  const fit = objects.filter((object) => {
    if (!isAppMesh(object)) return true;
    const converter = converterOf(object);
    if (typeof converter !== 'function') tell(converter);
    return typeof converter === 'function';
  });
  const { cluster, findings } = clusterOf(fit);
  findings.forEach(tell);
  const meshOf = meshMembership(cluster, givenMesh);
  const gatewayOf = gatewayMembership(cluster);
  const resources = cluster.objects.filter(isAppMesh).flatMap((object) => {
    const { isMember, mesh, finding } = object.kind === 'Mesh' ? { isMember: true } : meshOf(object);
    if (finding) tell(finding);
    const converter = converterOf(object);
    if (!isMember || typeof converter !== 'function') return [];
    return converter({ object, cluster, mesh, gatewayOf, tell });
  });
  return { resources, workloads: workloadsOf(cluster) };
}

/** What holds for a whole namespace is told once. */
function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

function tooMany({ locate }: KubernetesObject): Finding {
  return {
    severity: 'error',
    code: 'kubernetes-too-many-objects',
    message: `there are more than ${objectLimit} objects`,
    origin: locate([]),
    remedy: 'Give those alone that belong to one mesh.',
  };
}
