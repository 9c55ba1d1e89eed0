/** A template as CloudFormation takes it. */
export interface StackTemplate {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly [section: string]: unknown;
}

/** A resource in a template. */
interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
}

/** Stands where a value is that only a resource the emulator does not know would have. */
const placeholder = 'arn:aws:unknown:us-west-2:123456789012:unknown';

/** What the emulator reads wrong: it takes the tags of keys by the names that the keys' own API gives them. */
const misread: Readonly<Record<string, string>> = { 'AWS::KMS::Key': 'Tags' };

/**
 * The part of a template that an emulator models. What names a resource beyond that gets a placeholder; parameters go,
 * because the emulator takes no change of a stack that has any.
 * @param exported names of the exports there are
 */
export function emulatedTemplate(
  template: StackTemplate,
  isModelled: (type: string) => boolean,
  exported: ReadonlySet<string>,
): StackTemplate {
  const kept = Object.entries(template.Resources).filter(([, { Type }]) => isModelled(Type));
  const names = new Set(kept.map(([id]) => id));
  const known = (id: unknown) => typeof id !== 'string' || names.has(id) || id.startsWith('AWS::');
  const read = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(read);
    if (value === null || typeof value !== 'object') return value;
    const {
      Ref: reference,
      'Fn::GetAtt': attribute,
      'Fn::ImportValue': imported,
    } = value as Record<string, unknown>;
    if (reference !== undefined && !known(reference)) return placeholder;
    if (Array.isArray(attribute) && !known(attribute[0])) return placeholder;
    if (typeof imported === 'string' && !exported.has(imported)) return placeholder;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, read(inner)]));
  };
  const { Parameters: _, Rules: __, ...sections } = template;
  const resources = kept.map(([id, { Properties = {}, DependsOn = [], ...resource }]) => {
    const { [misread[resource.Type] ?? '']: ___, ...properties } = Properties;
    const dependencies = [DependsOn].flat().filter((name) => names.has(name));
    return [
      id,
      {
        ...resource,
        Properties: properties,
        ...(dependencies.length > 0 ? { DependsOn: dependencies } : {}),
      },
    ];
  });
  return read({ ...sections, Resources: Object.fromEntries(resources) }) as StackTemplate;
}
