import { type Extension, extension } from './vocabulary.ts';

/** Milliseconds from which a request is worth a line though it succeeded. */
const slow = 1_000;

/**
 * One JSON line on standard output for each request that failed or was slow. The rest is counted, not logged:
 * at thousands of requests a second the lines would cost as much as the proxying.
 */
export function accessLog(): (Extension & { filter: object })[] {
  return [
    {
      ...extension(
        'envoy.access_loggers.stdout',
        'envoy.extensions.access_loggers.stream.v3.StdoutAccessLog',
        {
          log_format: { json_format: fields },
        },
      ),
      filter: {
        or_filter: {
          filters: [
            { status_code_filter: comparison(500, 'access_log.status') },
            { duration_filter: comparison(slow, 'access_log.duration') },
            { response_flag_filter: {} },
          ],
        },
      },
    },
  ];
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
};

function comparison(value: number, key: string) {
  return { comparison: { op: 'GE', value: { default_value: value, runtime_key: key } } };
}
