import type { Template } from 'aws-cdk-lib/assertions';

/** Properties of a resource, as the template has them. */
export type Properties = Readonly<Record<string, unknown>>;

/** Properties of every resource of a type, by logical id. */
export function propertiesOf(template: Template, type: string): Record<string, Properties> {
  return Object.fromEntries(
    Object.entries(template.findResources(type)).map(([id, resource]) => [
      id,
      (resource as { readonly Properties: Properties }).Properties,
    ]),
  );
}

/** The one resource of a type. @throws Error when there is none, or more than one */
export function onlyOf(template: Template, type: string): Properties {
  const found = Object.values(propertiesOf(template, type));
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} of ${type}`);
  return found[0];
}

/** The function of a name. @throws Error when there is none */
export function functionOf(template: Template, name: string): Properties {
  const functions = Object.values(propertiesOf(template, 'AWS::Lambda::Function'));
  const found = functions.find(({ FunctionName }) => FunctionName === name);
  if (!found) throw new Error(`no function ${name}`);
  return found;
}
