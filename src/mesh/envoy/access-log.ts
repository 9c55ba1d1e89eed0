import type { AccessLog, ProxyModel } from '../proxy-model.ts';
import { type Extension, extension } from './vocabulary.ts';

/** A logger, and which requests it is for. */
type Logger = Extension & { readonly filter?: object };

/**
 * The file the definition names, with a line for each request; and, where the policy asks for it, one JSON line on
 * standard output for each request that failed or was slow. The rest is counted, not logged: at thousands of
 * requests a second the lines would cost as much as the proxying.
 */
export function accessLogs({ accessLog, policy }: ProxyModel): Logger[] {
  return [
    ...(accessLog ? [fileLog(accessLog)] : []),
    ...(policy.accessLog ? [failureLog(policy.accessLog.slow)] : []),
  ];
}

/**
 * App Mesh's log, in Envoy's own format where none is given. The standard streams are written to as such: they cannot
 * be opened by their path when they are sockets.
 */
function fileLog({ path, format }: AccessLog): Logger {
  const stream = streams[path];
  if (stream) return extension(stream.name, stream.type, lineFormat(format));
  return extension('envoy.access_loggers.file', `${loggers}.file.v3.FileAccessLog`, {
    path,
    ...lineFormat(format),
  });
}

const loggers = 'envoy.extensions.access_loggers';

const streams: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  '/dev/stdout': { name: 'envoy.access_loggers.stdout', type: `${loggers}.stream.v3.StdoutAccessLog` },
  '/dev/stderr': { name: 'envoy.access_loggers.stderr', type: `${loggers}.stream.v3.StderrAccessLog` },
};

function lineFormat(format: AccessLog['format']) {
  if (!format) return {};
  if ('json' in format) return { log_format: { json_format: format.json } };
  const line = format.text.endsWith('\n') ? format.text : `${format.text}\n`;
  return { log_format: { text_format_source: { inline_string: line } } };
}

function failureLog(slow: number): Logger {
  const type = `${loggers}.stream.v3.StdoutAccessLog`;
  return {
    ...extension('envoy.access_loggers.stdout', type, { log_format: { json_format: fields } }),
    filter: {
      or_filter: {
        filters: [
          { status_code_filter: comparison(500, 'access_log.status') },
          { duration_filter: comparison(slow, 'access_log.duration') },
          { response_flag_filter: {} },
        ],
      },
    },
  };
}

/** @see https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#command-operators */
const fields = {
  time: '%START_TIME%',
  trace: '%REQ(TRACEPARENT)%',
  request: '%REQ(X-REQUEST-ID)%',
  method: '%REQ(:METHOD)%',
  authority: '%REQ(:AUTHORITY)%',
  path: '%PATH(NQ)%',
  status: '%RESPONSE_CODE%',
  flags: '%RESPONSE_FLAGS%',
  details: '%RESPONSE_CODE_DETAILS%',
  route: '%ROUTE_NAME%',
  cluster: '%UPSTREAM_CLUSTER%',
  upstream: '%UPSTREAM_HOST%',
  attempts: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%',
  peer: '%DOWNSTREAM_PEER_URI_SAN%',
  bytesReceived: '%BYTES_RECEIVED%',
  bytesSent: '%BYTES_SENT%',
  milliseconds: '%DURATION%',
  upstreamMilliseconds: '%COMMON_DURATION(US_TX_END:US_RX_BEG:ms)%',
};

function comparison(value: number, key: string) {
  return { comparison: { op: 'GE', value: { default_value: value, runtime_key: key } } };
}
