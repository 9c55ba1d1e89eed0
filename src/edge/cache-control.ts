/** A name with a hash of the content in it, as bundlers write them. */
const hashedName = /(?:^|\/)assets\/.*[.-][\w-]{8,}\.\w+$/;

/** How long copies of a static file may be used. */
export const cacheControls = {
  /** A file whose name changes with its content. */
  hashed: 'public, max-age=31536000, immutable',
  /** A page, or a file whose name stays. */
  named: 'public, max-age=60, stale-while-revalidate=600',
} as const;

/** How long copies of the file of this path may be used: a hashed name for ever, any other for a minute. */
export function cacheControlOf(path: string): string {
  return hashedName.test(path) ? cacheControls.hashed : cacheControls.named;
}
