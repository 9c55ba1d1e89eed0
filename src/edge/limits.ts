/**
 * What the edge accepts and how long it waits. Sizes in bytes, times in milliseconds; CloudFront's where it has one.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
 */
export const limits = {
  /** The whole request target, query string included. */
  uriLength: 8192,
  /** Request line and header fields together. */
  headerSize: 32_768,
  connections: 10_000,
  /** A client must have sent its header fields by then. */
  headersTimeout: 10_000,
  /** A client must have sent its whole request by then. */
  requestTimeout: 30_000,
  /** The rest of a body that was answered before its end is read for so long before the connection is closed. */
  lingerTimeout: 5000,
  /** An idle connection is kept for so long. */
  keepAliveTimeout: 65_000,
  /** Connections to the gateway. */
  originConnections: 256,
  originConnectTimeout: 2000,
  /** Longest pause in the body of an origin's answer. */
  originBodyTimeout: 10_000,
  originHeaderSize: 32_768,
  /** A body of up to so many bytes goes out in one write with its head: as text, for node:http joins only that. */
  inOneWrite: 16_384,
  /** From SIGTERM to the end of the last connection. */
  drainTimeout: 10_000,
} as const;
