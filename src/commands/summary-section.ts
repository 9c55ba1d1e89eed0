/** A section of the plan's summary: its title and its lines. */
export interface Section {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, ...facts: string[]])[];
}

/** A number with what it counts. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
