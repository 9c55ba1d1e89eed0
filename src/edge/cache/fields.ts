/** Header field lines as they came, name and value in turn, like node:http's `rawHeaders`. */
export type FieldLines = readonly string[];

/** The values of all lines of a field, in order. `name` in lower case. */
export function linesOf(fields: FieldLines, name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const field = fields[index] ?? '';
    if (field.length === name.length && field.toLowerCase() === name) values.push(fields[index + 1] ?? '');
  }
  return values;
}

/** A field's value, its lines combined (RFC 9110, section 5.3); undefined when it is absent. */
export function fieldValue(fields: FieldLines, name: string): string | undefined {
  const values = linesOf(fields, name);
  return values.length === 0 ? undefined : values.join(', ');
}

/** The members of a list field, trimmed, empty ones left out; a comma in a quoted string parts nothing (RFC 9110, section 5.6.1). */
export function membersOf(values: readonly string[]): string[] {
  const members: string[] = [];
  for (const value of values) {
    for (const [member] of value.matchAll(/(?:"(?:[^"\\]|\\.)*(?:"|$)|[^",])+/gs)) {
      const trimmed = member.trim();
      if (trimmed !== '') members.push(trimmed);
    }
  }
  return members;
}

/** The lines whose lower-case name passes. */
export function filterFields(fields: FieldLines, keep: (name: string) => boolean): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    if (keep((fields[index] ?? '').toLowerCase())) {
      kept.push(fields[index] ?? '', fields[index + 1] ?? '');
    }
  }
  return kept;
}

/** The lines with every line of `name` (lower case) replaced by one with this value, or by none. */
export function replaceField(fields: FieldLines, name: string, value: string | undefined): string[] {
  const kept = filterFields(fields, (field) => field !== name);
  if (value !== undefined) kept.push(name, value);
  return kept;
}

/** The lower-case names that occur. */
export function namesOf(fields: FieldLines): Set<string> {
  const names = new Set<string>();
  for (let index = 0; index + 1 < fields.length; index += 2) names.add((fields[index] ?? '').toLowerCase());
  return names;
}
