import type { Schema } from './document.ts';

/** Keywords that mean the same in JSON Schema 2020-12 and in draft 4, which the vendor's models are written in. */
const kept = [
  'additionalProperties',
  'allOf',
  'anyOf',
  'enum',
  'format',
  'items',
  'maxItems',
  'maxLength',
  'maxProperties',
  'maximum',
  'minItems',
  'minLength',
  'minProperties',
  'minimum',
  'multipleOf',
  'not',
  'oneOf',
  'pattern',
  'properties',
  'required',
  'type',
  'uniqueItems',
];

/** A schema as a model's: draft 4, without what only describes. What draft 4 cannot say the service still checks. */
export function modelSchema(schema: Schema): Schema {
  return { $schema: 'http://json-schema.org/draft-04/schema#', ...converted(schema) };
}

function converted(schema: Schema): Schema {
  const entries = Object.entries(schema).flatMap(([keyword, value]): [string, unknown][] => {
    if (keyword === 'const') return [['enum', [value]]];
    if (keyword === 'exclusiveMinimum')
      return [
        ['minimum', value],
        [keyword, true],
      ];
    if (keyword === 'exclusiveMaximum')
      return [
        ['maximum', value],
        [keyword, true],
      ];
    if (keyword === 'properties') return [[keyword, mapped(value as Readonly<Record<string, Schema>>)]];
    return kept.includes(keyword) ? [[keyword, nested(value)]] : [];
  });
  return Object.fromEntries(entries);
}

function mapped(properties: Readonly<Record<string, Schema>>): Schema {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, converted(schema)]));
}

/** A keyword's value: a schema or a list of schemas is converted, a plain value kept. */
function nested(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nested);
  return typeof value === 'object' && value !== null ? converted(value as Schema) : value;
}
