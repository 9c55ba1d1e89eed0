/** Properties of a resource, as a template has them. */
export type Properties = Readonly<Record<string, unknown>>;

interface StackTemplate {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: Properties }>>;
}

/** The synthesized templates, by layer. */
export type Templates = (layer: string) => StackTemplate;

/** Properties of every resource of a type in a layer's template, by logical id. */
export function resourcesOf(templates: Templates, layer: string, type: string): Record<string, Properties> {
  const found = Object.entries(templates(layer).Resources).filter(([, { Type }]) => Type === type);
  return Object.fromEntries(found.map(([id, { Properties = {} }]) => [id, Properties]));
}

/** The one resource of a type. @throws Error when there is none, or more than one */
export function resourceOf(templates: Templates, layer: string, type: string): Properties {
  const [found, ...more] = Object.values(resourcesOf(templates, layer, type));
  if (!found || more.length > 0) throw new Error(`not one ${type} in ${layer}`);
  return found;
}
