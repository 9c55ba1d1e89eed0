/**
 * What one connection may ask of the edge, and for how long. Times in milliseconds, sizes in bytes.
 * Where CloudFront publishes a limit it is the same one:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
 */
export const protocolLimits = {
  /** The whole request target, query string included ("Maximum length of a URL"). */
  uriLength: 8192,
  /** Request line and header fields together ("Maximum length of a request"). */
  headerSize: 20_480,
  connections: 10_000,
  /** The first byte of a connection, a TLS handshake, and the header fields of a request: each within this time. */
  headersTimeout: 10_000,
  /** The whole request, body included. */
  requestTimeout: 30_000,
  /** A connection without a request in flight. */
  idleTimeout: 65_000,
  /** A viewer that reads must take `slowReadBytes` within this time while there is something to send. */
  slowReadTimeout: 30_000,
  slowReadBytes: 16_384,
  /** From the beginning of a drain to the end of the last connection. */
  drainTimeout: 10_000,
  /** Requests of one HTTP/2 connection at a time ("Maximum number of concurrent streams" of most servers). */
  concurrentStreams: 128,
  /** CONTINUATION frames of one header block: 20 KB fit into two frames (CVE-2024-27316 is a flood of them). */
  continuations: 8,
  /**
   * Frames that cost us more than their sender, such as resets (CVE-2023-44487), pings, settings and empty data: so
   * many at once, and so many more each second. A browser that leaves a page resets all its streams at once.
   */
  nuisanceBurst: 400,
  nuisanceRate: 40,
} as const;

/** The limits, or a test's own. */
export type ProtocolLimits = { readonly [name in keyof typeof protocolLimits]: number };
