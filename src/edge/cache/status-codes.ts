/** Heuristically cacheable without further word of the origin (RFC 9110, section 15.1). */
export const heuristicallyCacheable: ReadonlySet<number> = new Set([
  200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501,
]);

/** Final status codes whose caching rules this cache knows (must-understand: RFC 9111, section 5.2.2.3). */
export const understood: ReadonlySet<number> = new Set([
  ...heuristicallyCacheable,
  ...[
    201, 202, 205, 302, 303, 307, 400, 401, 402, 403, 406, 407, 408, 409, 411, 412, 413, 415, 416, 417, 421,
  ],
  ...[422, 426, 428, 429, 431, 451, 500, 502, 503, 504, 505, 507, 508, 511],
]);
