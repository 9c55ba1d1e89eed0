import { z } from 'zod';
import type { Logging } from '../../mesh/logging.ts';
import { filePath, text } from '../../mesh/terms.ts';

/** Where access is logged: a path, or with a format: a line of text, or an object whose values are Envoy's operators. */
export const loggingSection = z.union([
  filePath.transform((path) => ({ path, format: undefined })),
  z.strictObject({
    path: filePath,
    format: z.union([text(1, 1000), z.record(text(1, 100), text(1, 100))]).optional(),
  }),
]);

/** The API's words for it. */
export function expandLogging({ path, format }: z.output<typeof loggingSection>): Logging {
  if (format === undefined) return { accessLog: { file: { path } } };
  const json = (members: Readonly<Record<string, string>>) =>
    Object.entries(members).map(([key, value]) => ({ key, value }));
  return {
    accessLog: {
      file: { path, format: typeof format === 'string' ? { text: format } : { json: json(format) } },
    },
  };
}

/** The section's words for it; undefined where nothing is logged. */
export function foldLogging({ accessLog }: Logging = {}): z.input<typeof loggingSection> | undefined {
  const file = accessLog?.file;
  if (file?.format === undefined) return file?.path;
  const { text: line, json = [] } = file.format;
  return {
    path: file.path,
    format: line ?? Object.fromEntries(json.map(({ key, value }) => [key, value])),
  };
}
