/** What the edge asks of origins, and how long it waits. Sizes in bytes, times in milliseconds. protocol/limits.ts has the viewers'. */
export const limits = {
  /** The rest of a body that was answered before its end is read for so long before the connection is closed. */
  lingerTimeout: 5000,
  /** Connections to the gateway. */
  originConnections: 256,
  originConnectTimeout: 2000,
  /** Longest pause in the body of an origin's answer. */
  originBodyTimeout: 10_000,
  originHeaderSize: 32_768,
  /** So much of a request's body is kept for sending it once more. */
  repeatedBody: 65_536,
  /** A body of up to so many bytes goes out in one write with its head: as text, for node:http joins only that. */
  inOneWrite: 16_384,
} as const;
