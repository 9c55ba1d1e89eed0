import { z } from 'zod';
import { specificationSchemas } from '../../../src/model/mesh/specification.ts';
import { isDuration, required } from './leaves.ts';

/** Two values a field may have, by the end of its path; others are made of its schema. */
const values: Readonly<Record<string, readonly [unknown, unknown]>> = {
  virtualServiceName: ['other.local', 'two.local'],
  virtualNodeName: ['other', 'third'],
  virtualRouterName: ['router', 'second'],
  virtualNode: ['other', 'third'],
  'portMapping.port': [80, 81],
  'match.port': [80, 81],
  'action.target.port': [80, 81],
  'weightedTargets[].port': [80, 81],
  'healthCheck.port': [80, 81],
  'tls.ports[]': [80, 81],
  weight: [10, 90],
  priority: [0, 1000],
  'portMapping.protocol': ['http', 'http2'],
  'virtualRouter.listeners[].portMapping.protocol': ['http', 'tcp'],
  'healthCheck.protocol': ['http', 'tcp'],
  hostname: ['one.example', 'two.example'],
  'certificateAuthorityArns[]': ['arn:aws:acm-pca:r:1:authority/one', 'arn:aws:acm-pca:r:1:authority/two'],
  certificateArn: ['arn:aws:acm:r:1:certificate/one', 'arn:aws:acm:r:1:certificate/two'],
  'match.path.exact': ['/one', '/two'],
  'rewrite.path.exact': ['/one', '/two'],
  'healthCheck.path': ['/one', '/two'],
  'match.prefix': ['/one', '/two'],
  'rewrite.prefix.value': ['/one/', '/two/'],
  'range.start': [1, 2],
  'range.end': [10, 20],
};

/** Two values of the field at a path. */
export function valuesAt(path: string): readonly [unknown, unknown] {
  return known(path) ?? valuesOf(schemaAt(path));
}

function known(path: string): readonly [unknown, unknown] | undefined {
  const ends = Object.keys(values).filter((end) => path === end || path.endsWith(`.${end}`));
  const [longest] = ends.sort((one, other) => other.length - one.length);
  return longest === undefined ? undefined : values[longest];
}

/** A specification with little more than the field at a path, and what the fields around it need. */
export function specificationWith(path: string, value: unknown): unknown {
  const [kind, ...keys] = keysOf(path);
  return filled(schemaOf(kind), keys, value, path);
}

function keysOf(path: string): string[] {
  return path.replaceAll('[]', '.[]').split('.');
}

function schemaOf(kind: string | undefined): z.ZodType {
  return Reflect.get(specificationSchemas, kind ?? '') as z.ZodType;
}

function schemaAt(path: string): z.ZodType {
  const [kind, ...keys] = keysOf(path);
  return required(keys.reduce((schema, key) => memberOf(required(schema), key), schemaOf(kind)));
}

function memberOf(schema: z.ZodType, key: string): z.ZodType {
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  return Reflect.get((schema as z.ZodObject).shape, key) as z.ZodType;
}

function valuesOf(schema: z.ZodType): readonly [unknown, unknown] {
  if (isDuration(schema))
    return [
      { unit: 's', value: 1 },
      { unit: 's', value: 2 },
    ];
  if (schema instanceof z.ZodBoolean) return [true, false];
  if (schema instanceof z.ZodEnum) return [schema.options[0], schema.options[1] ?? schema.options[0]];
  if (schema instanceof z.ZodNumber) {
    const least = schema.minValue ?? 0;
    return [least, least + 1];
  }
  return ['/one', '/two'];
}

/** A value of a schema that has the field at a path, and what must stand beside it. */
function filled(schema: z.ZodType, keys: readonly string[], value: unknown, path: string): unknown {
  const own = required(schema);
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (own instanceof z.ZodArray) return [filled(own.element as z.ZodType, rest, value, path)];
  const members = Object.entries((own as z.ZodObject).shape as Record<string, z.ZodType>);
  const around = members.filter(([name, member]) => name !== key && !(member instanceof z.ZodOptional));
  return {
    ...Object.fromEntries(around.map(([name, member]) => [name, least(member, name, path)])),
    [key]: filled(memberOf(own, key), rest, value, path),
  };
}

/** The least value of a schema, fit for the field that a path is about. */
function least(schema: z.ZodType, name: string, path: string): unknown {
  const own = required(schema);
  if (name === 'protocol') return /\.(?:timeout|connectionPool)\.(\w+)/.exec(path)?.[1] ?? 'http';
  if (own instanceof z.ZodArray) return [least(own.element as z.ZodType, name, path)];
  if (!(own instanceof z.ZodObject) || isDuration(own))
    return named[name] ?? known(name)?.[0] ?? valuesOf(own)[0];
  const members = Object.entries(own.shape as Record<string, z.ZodType>);
  const needed = members.filter(([, member]) => !(member instanceof z.ZodOptional));
  const chosen = needed.length > 0 || name === 'match' ? needed : members.filter(([own]) => choices.has(own));
  return Object.fromEntries(chosen.map(([inner, member]) => [inner, least(member, inner, path)]));
}

/** Of unions around a field, the member that is taken. */
const choices = new Set(['sds', 'virtualService']);

const named: Readonly<Record<string, unknown>> = {
  virtualNode: 'other',
  virtualServiceName: 'other.local',
  weight: 1,
  port: 80,
  mode: 'STRICT',
  maxRetries: 2,
};
