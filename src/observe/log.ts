import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

/** Names of fields that are never written, wherever they stand in the first two levels of an entry. */
const secretFields = ['authorization', 'cookie', 'set-cookie', 'password', 'token', 'secret'];

/** A logger of JSON lines. */
export type Log = Logger;

/**
 * Opens the log of one process: one JSON object a line on standard output, times in RFC 3339,
 * credentials, cookies and passwords left out.
 * @param fields written with every entry, such as the service and the task
 */
export function openLog(fields: Readonly<Record<string, string>>, destination?: DestinationStream): Log {
  const options = {
    base: fields,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: secretFields.flatMap((field) => [`["${field}"]`, `*["${field}"]`, `*.headers["${field}"]`]),
      censor: '(left out)',
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
