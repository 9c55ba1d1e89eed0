import { type Properties, propertiesOf } from './resources.ts';
import { templateOf } from './templates.ts';

/** A container of a task definition. */
export interface Container extends Properties {
  readonly Name: string;
  readonly Environment?: readonly { readonly Name: string; readonly Value: unknown }[];
}

/** A task definition, as the template has it. */
export interface TaskDefinition extends Properties {
  readonly ContainerDefinitions: readonly Container[];
}

/** Every task definition of the repository's own blueprint. */
export function taskDefinitions(): TaskDefinition[] {
  return Object.values(propertiesOf(templateOf('compute'), 'AWS::ECS::TaskDefinition')) as TaskDefinition[];
}

/** One task definition. @throws Error when there is none of that family */
export function taskOf(family: string): TaskDefinition {
  const found = taskDefinitions().find(({ Family }) => Family === family);
  if (!found) throw new Error(`there is no task definition ${family}`);
  return found;
}

/** One of its containers. @throws Error when there is none of that name */
export function containerOf(family: string, name: string): Container {
  const found = taskOf(family).ContainerDefinitions.find(({ Name }) => Name === name);
  if (!found) throw new Error(`${family} has no container ${name}`);
  return found;
}

/** A container's variables, with what is known only in the account in a plain form. */
export function variablesOf({ Environment = [] }: Container): Record<string, string> {
  return Object.fromEntries(Environment.map(({ Name, Value }) => [Name, flat(Value)]));
}

function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join, 'Fn::GetStackOutput': output } = value as Record<string, unknown>;
  if (Array.isArray(join)) return (join[1] as unknown[]).map(flat).join(String(join[0]));
  return /Port/.test((output as { OutputName: string }).OutputName) ? '6379' : 'host.example';
}
