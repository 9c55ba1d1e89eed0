import type { FieldValue } from './event.ts';

/** A query with its parameters sorted by name, the values of one name in the order they came: one key for one question. */
export function sortedQuery(parameters: Readonly<Record<string, FieldValue>>): string {
  const pairs: string[] = [];
  Object.keys(parameters)
    .sort()
    .forEach((name) => {
      const parameter = parameters[name];
      if (parameter === undefined) return;
      (parameter.multiValue || [parameter]).forEach((each) => {
        pairs.push(`${name}=${each.value}`);
      });
    });
  return pairs.join('&');
}
