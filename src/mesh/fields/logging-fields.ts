import { below, type Field } from './field.ts';

/** The access log, of a node's proxy and of a gateway's alike. */
export function loggingFields(path: string): Field[] {
  return below(path, {
    'accessLog.file.path': {
      envoy:
        '`FileAccessLog.path` for every request in and out; `/dev/stdout` and `/dev/stderr` as `StdoutAccessLog`, `StderrAccessLog`',
      absent: 'no log',
    },
    'accessLog.file.format.text': {
      envoy: '`SubstitutionFormatString.text_format_source.inline_string`, with a line end where it has none',
      absent: "Envoy's own format",
    },
    'accessLog.file.format.json[].key': {
      envoy: 'a key of `SubstitutionFormatString.json_format`',
      absent: "Envoy's own format",
      refused: 'the same key twice',
    },
    'accessLog.file.format.json[].value': { envoy: "its value, with Envoy's command operators" },
  });
}
