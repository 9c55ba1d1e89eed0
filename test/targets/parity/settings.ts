/** What a setting is set to: as a person would write it down. */
export type Value = string | number | boolean | readonly (string | number)[];

/**
 * Settings by name. A setting of the blueprint has its place in the plan for a name, an entry of a list its `path` or
 * `name` in place of a number: `gateway.routes./api/v1/data.throttle.rate`. Durations are milliseconds.
 */
export type Settings = Readonly<Record<string, Value>>;

/** A row of the table: what a setting is where it runs, and what it is in the template; undefined where it is unknown. */
export interface Row {
  readonly setting: string;
  readonly local: Value | undefined;
  readonly aws: Value | undefined;
}

/** Both columns side by side, by name. */
export function rowsOf(local: Settings, aws: Settings): Row[] {
  const names = [...new Set([...Object.keys(local), ...Object.keys(aws)])].toSorted();
  return names.map((setting) => ({ setting, local: local[setting], aws: aws[setting] }));
}

/** The names of everything a plan sets, in the same form as settings are named. */
export function namesIn(plan: unknown, at = ''): string[] {
  const named = (key: string | number, value: unknown) =>
    namesIn(value, at === '' ? `${key}` : `${at}.${key}`);
  if (Array.isArray(plan) && plan.some((item) => typeof item === 'object')) {
    return plan.flatMap((item, index) => named(item.path ?? item.name ?? index, item));
  }
  if (typeof plan === 'object' && plan !== null && !Array.isArray(plan)) {
    return Object.entries(plan).flatMap(([key, value]) => named(key, value));
  }
  return plan === undefined ? [] : [at];
}
