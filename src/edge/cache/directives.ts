import { membersOf } from './fields.ts';

/** One cache directive. `malformed` when what follows its name is not what the grammar allows. */
export interface Directive {
  readonly value: string | undefined;
  readonly malformed: boolean;
}

/** Cache directives by lower-case name; of a repeated one the first counts (RFC 9111, section 4.2.1). */
export type Directives = ReadonlyMap<string, Directive>;

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const grammar = new RegExp(`^(${token})(?:=(?:(${token})|"((?:[^"\\\\]|\\\\.)*)"))?$`, 's');
const leadingName = new RegExp(`^${token}`);

/** Directives longer than 68 years are all the same (RFC 9111, section 1.2.2). */
const longest = 2_147_483_648;

/** Reads the lines of a Cache-Control field (RFC 9111, section 5.2). */
export function parseDirectives(lines: readonly string[]): Directives {
  const directives = new Map<string, Directive>();
  for (const member of membersOf(lines)) {
    const match = grammar.exec(member);
    const name = (match?.[1] ?? leadingName.exec(member)?.[0])?.toLowerCase();
    if (name === undefined || directives.has(name)) continue;
    const value = match?.[2] ?? match?.[3]?.replace(/\\(.)/gs, '$1');
    directives.set(name, { value, malformed: match === null });
  }
  return directives;
}

/** The seconds of a directive; 'invalid' when it has no such value, which makes a response stale (RFC 9111, section 4.2.1). */
export function secondsOf(directives: Directives, name: string): number | 'invalid' | undefined {
  const directive = directives.get(name);
  if (!directive) return undefined;
  return !directive.malformed && /^\d+$/.test(directive.value ?? '')
    ? Math.min(Number(directive.value), longest)
    : 'invalid';
}

/** The seconds of a directive, 0 when it is invalid or absent. */
export function secondsOrNone(directives: Directives, name: string): number {
  const seconds = secondsOf(directives, name);
  return typeof seconds === 'number' ? seconds : 0;
}

/** The field names of a qualified `no-cache` or `private`, lower case (RFC 9111, sections 5.2.2.4 and 5.2.2.7). */
export function qualifiedFields(directives: Directives, name: 'no-cache' | 'private'): string[] {
  const value = directives.get(name)?.value;
  return value === undefined ? [] : membersOf([value]).map((field) => field.toLowerCase());
}

/** Whether a directive stands without field names, and so for the whole response. */
export function isUnqualified(directives: Directives, name: 'no-cache' | 'private'): boolean {
  return directives.has(name) && qualifiedFields(directives, name).length === 0;
}
