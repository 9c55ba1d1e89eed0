/** Header the service worker adds to an answer it keeps: when it was kept, in milliseconds since the Unix epoch. */
export const storedAt = 'x-stored-at';
/** The cache it keeps what was read in. */
export const seenCache = 'data';
