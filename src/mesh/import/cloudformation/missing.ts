import type { Finding } from '../found-resource.ts';

/** What was missing during an evaluation, each thing once. */
export type MissingValues = Map<string, Finding>;

/** So many different things are told of one value. */
const most = 100;

/** Notes things that are missing. */
export function note(values: MissingValues, missing: Iterable<Finding>): void {
  for (const one of missing) {
    const key = `${one.code} ${one.remedy ?? one.message}`;
    if (values.size < most && !values.has(key)) values.set(key, one);
  }
}

/** What to write on the command line to give a name a value. */
export function parameterOption(name: string): string {
  return /^[\w.:/-]+$/.test(name) ? `--parameter ${name}=VALUE` : `--parameter '${name}=VALUE'`;
}
