import { importLimits } from '../limits.ts';
import type { Evaluated } from './evaluated.ts';
import { type Evaluate, invalid, type Scope } from './scope.ts';

/** A function of a template where it stands. */
export interface Call {
  readonly name: string;
  readonly argument: unknown;
  /** The argument's path. */
  readonly path: readonly PropertyKey[];
  readonly scope: Scope;
  readonly evaluate: Evaluate;
}

/** The name of the function an object calls: it has that one member and no other. */
export function callName(raw: Readonly<Record<string, unknown>>): string | undefined {
  const [name, ...others] = Object.keys(raw);
  if (name === undefined || others.length > 0) return undefined;
  return name === 'Ref' || name.startsWith('Fn::') ? name : undefined;
}

/** A call with arguments its function does not take. */
export function malformed({ path, scope }: Call, message: string): Evaluated {
  return invalid(scope, path, { code: 'function-malformed', message });
}

/** A call whose result would be longer than the importer takes. */
export function tooLong({ path, scope }: Call): Evaluated {
  const message = `this makes a text of more than ${importLimits.text} characters`;
  return invalid(scope, path, { code: 'text-too-long', message });
}

/** The arguments of a call that takes a list of them. */
export function operands({ argument }: Call): readonly unknown[] {
  return Array.isArray(argument) ? argument : [];
}
