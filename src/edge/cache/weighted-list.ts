import { membersOf } from './fields.ts';

/** A member of a list with weights, such as Accept-Language. */
export interface Weighted {
  /** Lower case. */
  readonly name: string;
  readonly weight: number;
}

/** Reads a list with q-values, heaviest first (RFC 9110, section 12.4.2). A weight that is none counts as 0. */
export function parseWeighted(lines: readonly string[]): Weighted[] {
  return membersOf(lines)
    .map((member) => {
      const [name = '', ...parameters] = member.split(';').map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return { name, weight: weight === undefined ? 1 : weightOf(weight) };
    })
    .toSorted((left, right) => right.weight - left.weight || (left.name < right.name ? -1 : 1));
}

function weightOf(text: string): number {
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}
