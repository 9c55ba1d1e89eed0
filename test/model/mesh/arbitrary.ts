import fc from 'fast-check';
import { z } from 'zod';
import { gatewayListener, nodeListener } from '../../../src/model/mesh/listener.ts';
import { regularExpression } from '../../../src/model/mesh/regular-expression.ts';

/** Values of every shape a schema allows, made from the schema itself. */
export function valuesOf<Schema extends z.ZodType>(schema: Schema): fc.Arbitrary<z.output<Schema>> {
  return arbitrary(schema) as fc.Arbitrary<z.output<Schema>>;
}

function arbitrary(schema: z.ZodType): fc.Arbitrary<unknown> {
  if (schema === regularExpression) return fc.constantFrom('.*', '^/v[0-9]+/', '(?i)a|b', '[^/]+');
  if (schema instanceof z.ZodOptional) return arbitrary(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodString) return text(schema);
  if (schema instanceof z.ZodNumber) return whole(schema);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodArray) return list(schema);
  if (schema instanceof z.ZodObject) return structure(schema);
  throw new TypeError(`no values for a schema of type ${schema.type}`);
}

/** No text is '__proto__': zod leaves out a member of that name. */
function text(schema: z.ZodString): fc.Arbitrary<string> {
  const { min_length, max_length, string_format } = checksOf(schema);
  const pattern = string_format?.pattern;
  const bounds = { minLength: min_length?.minimum ?? 0, maxLength: Math.min(max_length?.maximum ?? 20, 20) };
  const any = pattern ? fc.stringMatching(pattern, { size: 'small' }) : fc.string(bounds);
  return any.filter((value) => value !== '__proto__' && schema.safeParse(value).success);
}

function whole({ minValue, maxValue }: z.ZodNumber): fc.Arbitrary<number> {
  const min = Math.max(minValue ?? 0, -1_000_000);
  return fc.integer({ min, max: Math.min(maxValue ?? 1_000_000, 1_000_000) });
}

function list(schema: z.ZodArray): fc.Arbitrary<unknown[]> {
  const { min_length, max_length } = checksOf(schema);
  const maxLength = Math.min(max_length?.maximum ?? 3, 3);
  return fc
    .array(arbitrary(schema.element as z.ZodType), { minLength: min_length?.minimum ?? 0, maxLength })
    .filter((value) => schema.safeParse(value).success);
}

interface Check {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: RegExp;
}

/** What a schema checks beyond its type, by the name of the check. */
function checksOf(schema: z.ZodType): Readonly<Record<string, Check | undefined>> {
  return Object.fromEntries((schema.def.checks ?? []).map(({ _zod: { def } }) => [def.check, def as Check]));
}

/** Objects with few members, many members, and, for unions, one; those that break a rule are left out. */
function structure(schema: z.ZodObject): fc.Arbitrary<unknown> {
  const members = Object.entries(schema.shape as Record<string, z.ZodType>);
  const required = members.filter(([, member]) => !(member instanceof z.ZodOptional)).map(([name]) => name);
  const model = Object.fromEntries(members.map(([name, member]) => [name, arbitrary(member)]));
  const some = fc.record(model, { requiredKeys: required, noNullPrototype: true });
  const optional = Object.entries(model).filter(([name]) => !required.includes(name));
  const needed = Object.fromEntries(required.map((name) => [name, model[name] as fc.Arbitrary<unknown>]));
  const one = optional.map(([name, value]) =>
    fc.record({ ...needed, [name]: value }, { noNullPrototype: true }),
  );
  return fc
    .oneof(some, ...one)
    .map((value) => (schema === nodeListener || schema === gatewayListener ? ofOneProtocol(value) : value))
    .filter((value) => schema.safeParse(value).success);
}

/** A listener whose pool, timeout and health check are those of its own protocol and port. */
function ofOneProtocol(listener: object): object {
  const { portMapping, healthCheck, connectionPool, timeout, ...rest } = listener as {
    portMapping: { port: number; protocol: string };
    healthCheck?: object;
    connectionPool?: Record<string, unknown>;
    timeout?: Record<string, unknown>;
  };
  const { port, protocol } = portMapping;
  return {
    ...rest,
    portMapping,
    ...(healthCheck ? { healthCheck: 'port' in healthCheck ? { ...healthCheck, port } : healthCheck } : {}),
    ...(connectionPool && protocol in connectionPool ? { connectionPool } : {}),
    ...(timeout && protocol in timeout ? { timeout } : {}),
  };
}
