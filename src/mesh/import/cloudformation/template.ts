import { isObject } from '../format.ts';
import type { SourceDocument } from '../source.ts';

type Section = Readonly<Record<string, unknown>>;

type SectionName = 'Parameters' | 'Mappings' | 'Conditions' | 'Resources' | 'Outputs';

/** A CloudFormation template: its sections as they were written. */
export interface Template {
  readonly document: SourceDocument;
  /** The path in the document of what a section has under a name. */
  readonly pathOf: (section: SectionName, name: string) => readonly PropertyKey[];
  readonly parameters: Section;
  readonly mappings: Section;
  readonly conditions: Section;
  readonly resources: Section;
  readonly outputs: Section;
  /** Macros that change the template at deployment. */
  readonly transforms: readonly string[];
}

/**
 * A document as a template. What holds only resources, or one of them, is taken as the resources of a template; the
 * Serverless Framework's `resources` as the template they are.
 */
export function templateOf(document: SourceDocument): Template {
  const root = sectionOf(document.value);
  const inner = sectionOf(root.resources);
  if (isObject(root.Resources) || 'AWSTemplateFormatVersion' in root) return template(document, root, []);
  if (isObject(inner.Resources)) return template(document, inner, ['resources']);
  const bare = template(document, {}, []);
  return typeof root.Type === 'string'
    ? { ...bare, resources: { Resource: root }, pathOf: () => [] }
    : { ...bare, resources: root, pathOf: (_, name) => [name] };
}

function template(document: SourceDocument, root: Section, base: readonly PropertyKey[]): Template {
  return {
    document,
    pathOf: (section, name) => [...base, section, name],
    parameters: sectionOf(root.Parameters),
    mappings: sectionOf(root.Mappings),
    conditions: sectionOf(root.Conditions),
    resources: sectionOf(root.Resources),
    outputs: sectionOf(root.Outputs),
    transforms: [root.Transform].flat().filter((name) => typeof name === 'string'),
  };
}

function sectionOf(value: unknown): Section {
  return isObject(value) ? value : {};
}

/** What a section has under a name of its own. */
export function member(section: unknown, name: string): unknown {
  return isObject(section) && Object.hasOwn(section, name) ? section[name] : undefined;
}
