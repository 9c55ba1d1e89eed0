import {
  type TemplateReading,
  templateResources,
} from '../../../../src/mesh/import/cloudformation/templates.ts';
import type { FoundResource } from '../../../../src/mesh/import/found-resource.ts';
import { documentsOf } from '../placeholders/documents.ts';

/** Reads one template, `template.yaml`, with parameters given as on the command line. */
export function read(text: string, parameters: Readonly<Record<string, string>> = {}): TemplateReading {
  return readAll({ 'template.yaml': text }, parameters);
}

/** Reads several templates together. */
export function readAll(
  files: Readonly<Record<string, string>>,
  parameters: Readonly<Record<string, string>> = {},
): TemplateReading {
  return templateResources(documentsOf(files), new Map(Object.entries(parameters)));
}

/** A template of one virtual node with a host name, given as YAML on one line, and other sections. */
export function nodeFoundAs(hostname: string, sections = ''): string {
  return [
    'Resources:',
    '  Node:',
    '    Type: AWS::AppMesh::VirtualNode',
    '    Properties:',
    '      MeshName: shop',
    `      Spec: { ServiceDiscovery: { DNS: { Hostname: ${hostname} } } }`,
    sections,
  ].join('\n');
}

/** The host name of the one node a template has. */
export function hostnameOf({ resources }: TemplateReading): unknown {
  const [node] = resources.filter(({ kind }) => kind === 'virtualNode');
  const spec = node?.spec as { serviceDiscovery?: { dns?: { hostname?: unknown } } } | undefined;
  return spec?.serviceDiscovery?.dns?.hostname;
}

/** A resource by its name. */
export function named({ resources }: TemplateReading, name: string): FoundResource | undefined {
  return resources.find((resource) => resource.name === name);
}
