import { z } from 'zod';
import { type Complaint, choice, rule, structure } from './schema.ts';
import { filePath, text } from './terms.ts';

/** How a line of the access log is written. */
const format = choice('LoggingFormat', {
  text: text(1, 1000),
  json: z
    .array(structure('JsonFormatRef', { key: text(1, 100), value: text(1, 100) }))
    .min(1)
    .superRefine(...rule(eachKeyOnce)),
});

/** Where a proxy writes its access log, and how. */
export const logging = structure('Logging', {
  accessLog: choice('AccessLog', {
    file: structure('FileAccessLog', { path: filePath, format: format.optional() }),
  }).optional(),
});

/** Where a proxy writes its access log, and how. */
export type Logging = z.infer<typeof logging>;

/** A line of JSON has each key once. */
function* eachKeyOnce(entries: Readonly<Record<string, unknown>>): Iterable<Complaint> {
  const seen = new Set<unknown>();
  for (const [index, entry] of Object.values(entries).entries()) {
    const key = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'key') : undefined;
    if (seen.has(key)) yield { path: [index, 'key'], found: key, allowed: 'a key that no other entry has' };
    if (key !== undefined) seen.add(key);
  }
}
