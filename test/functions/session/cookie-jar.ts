/** A cookie as a browser keeps it. */
export interface KeptCookie {
  readonly value: string;
  readonly path: string;
  readonly attributes: readonly string[];
}

/** A browser's cookies of one host, as far as they matter here: name, path and end (RFC 6265, 5.3 and 5.4). */
export class CookieJar {
  readonly kept = new Map<string, KeptCookie>();

  /** Takes what an answer sets. */
  take(lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split('; ');
      const name = pair.slice(0, pair.indexOf('='));
      const ended = attributes.includes('Max-Age=0');
      const path = attributes.find((attribute) => attribute.startsWith('Path='))?.slice(5) ?? '/';
      if (ended) this.kept.delete(name);
      else this.kept.set(name, { value: pair.slice(name.length + 1), path, attributes });
    }
  }

  value(name: string): string | undefined {
    return this.kept.get(name)?.value;
  }

  /** The Cookie field for a path; empty without any. */
  fieldFor(path: string): string {
    const within = (parent: string) =>
      parent === '/' || path === parent || path.startsWith(`${parent}/`) || path.startsWith(`${parent}?`);
    return [...this.kept]
      .filter(([, cookie]) => within(cookie.path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
  }

  /** The same cookies, which then go their own way: what a thief has. */
  copy(): CookieJar {
    const jar = new CookieJar();
    for (const [name, cookie] of this.kept) jar.kept.set(name, cookie);
    return jar;
  }
}
