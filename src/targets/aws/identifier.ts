import { hash } from 'node:crypto';

/**
 * A name as the vendor's stricter services take it: lower case, letters, digits and single hyphens. One that is too
 * long is cut, and told apart from others of the same beginning by six digits of its hash.
 */
export function identifier(parts: readonly string[], longest: number): string {
  const whole = parts.join('-').toLowerCase().replace(/-+/g, '-').replace(/-$/, '');
  if (whole.length <= longest) return whole;
  return `${whole.slice(0, longest - 7).replace(/-$/, '')}-${hash('sha256', whole).slice(0, 6)}`;
}
