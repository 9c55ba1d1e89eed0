import { type Field, fields } from '../fields.ts';
import type { ImportedMesh } from './assembly/assemble.ts';
import type { Finding, FoundResource, Origin } from './found-resource.ts';

/** Fields of which `differences` says more, with the names and files that are concerned. */
const saidElsewhere: ReadonlySet<string> = new Set([
  'virtualNode.listeners[].portMapping.port',
  'virtualNode.serviceDiscovery.awsCloudMap.attributes[].key',
  'virtualNode.listeners[].tls.certificate.acm.certificateArn',
  'virtualGateway.listeners[].tls.certificate.acm.certificateArn',
]);

const byPath: ReadonlyMap<string, Field> = new Map(
  fields.filter(({ path }) => !saidElsewhere.has(path)).map((field) => [field.path, field]),
);

/** Something to tell of fields, and where the first of them stands. */
interface Told {
  readonly text: string;
  readonly code: string;
  readonly origin: Origin;
  readonly paths: Set<string>;
  places: number;
}

/** What fields that the documents of a mesh use do in another way than in App Mesh: each difference once. */
export function fieldDifferences({ found }: ImportedMesh): Finding[] {
  const told = new Map<string, Told>();
  for (const resource of found) {
    for (const { path, field } of usedFields(resource)) {
      const text = field.different ?? field.unused;
      if (text === undefined) continue;
      const known = told.get(text) ?? {
        text,
        code: field.different === undefined ? 'field-unused' : 'field-different',
        origin: resource.locate(path),
        paths: new Set<string>(),
        places: 0,
      };
      known.paths.add(field.path);
      known.places += 1;
      told.set(text, known);
    }
  }
  return [...told.values()].map(({ text, code, origin, paths, places }) => ({
    severity: 'warning',
    code,
    message: `${namesOf([...paths])}${places > paths.size ? `, in ${places} places` : ''}: ${text}`,
    origin,
  }));
}

function usedFields(resource: FoundResource): { path: readonly PropertyKey[]; field: Field }[] {
  const used: { path: readonly PropertyKey[]; field: Field }[] = [];
  const walk = (value: unknown, name: string, path: readonly PropertyKey[]): void => {
    const field = byPath.get(name);
    if (field) used.push({ path, field });
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) walk(item, `${name}[]`, [...path, index]);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) walk(member, `${name}.${key}`, [...path, key]);
    }
  };
  walk(resource.spec, resource.kind, []);
  return used;
}

function namesOf(paths: readonly string[]): string {
  return paths.length > 2 ? `${paths.slice(0, 2).join(', ')} and ${paths.length - 2} more` : paths.join(', ');
}
