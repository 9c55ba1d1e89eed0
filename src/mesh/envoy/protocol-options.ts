import type { Protocol } from '../proxy-model.ts';
import { type Seconds, type Typed, typed } from './vocabulary.ts';

/** Streams and windows of HTTP/2, on both sides; an upgrade to a websocket passes as a CONNECT (RFC 8441). */
export const http2Options = {
  max_concurrent_streams: 1024,
  initial_stream_window_size: 1_048_576,
  initial_connection_window_size: 8_388_608,
  allow_connect: true,
};

const type = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';

/** What a cluster speaks, and after how long an idle connection is closed; nothing for TCP. */
export function protocolOptions(
  protocol: Protocol,
  idleTimeout: Seconds,
): { readonly typed_extension_protocol_options?: Readonly<Record<string, Typed>> } {
  if (protocol === 'tcp') return {};
  const explicit =
    protocol === 'http' ? { http_protocol_options: {} } : { http2_protocol_options: http2Options };
  const options = {
    common_http_protocol_options: { idle_timeout: idleTimeout },
    explicit_http_config: explicit,
  };
  return { typed_extension_protocol_options: { [type]: typed(type, options) } };
}
