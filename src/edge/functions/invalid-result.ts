/** Thrown while a result is checked, and nowhere seen outside: says in what the result is not what it has to be. */
class InvalidResult extends Error {}

/** @throws InvalidResult unless it holds */
export function require(holds: boolean, reason: string): asserts holds {
  if (!holds) throw new InvalidResult(reason);
}

/** Whether a value is an object of JSON with members. */
export function isMembers(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
