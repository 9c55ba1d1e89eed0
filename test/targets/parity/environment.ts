import type { Settings, Value } from './settings.ts';

/** The settings that tasks are told in their environment, by the names they have there. */
export function environmentSettings(settings: string): Settings {
  const { data } = JSON.parse(settings) as {
    readonly data: {
      readonly cache?: unknown;
      readonly maxAttributes?: number;
      readonly relational?: { readonly connections: number };
    };
  };
  const { cache, maxAttributes, relational } = data;
  return {
    ...(cache === undefined ? {} : flattened(cache, 'data.cache')),
    ...(maxAttributes === undefined ? {} : { 'data.maxAttributes': maxAttributes }),
    ...(relational === undefined ? {} : { 'data.relational.connections': relational.connections }),
  };
}

function flattened(value: unknown, at: string): Settings {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { [at]: value as Value };
  return Object.assign(
    {},
    ...Object.entries(value).map(([name, inner]) => flattened(inner, `${at}.${name}`)),
  );
}
