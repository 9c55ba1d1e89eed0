import { type Directives, parseDirectives } from './directives.ts';
import { type FieldLines, linesOf } from './fields.ts';

/** What of a request's fields bears on caching, found in one pass: it runs for every request. */
export interface RequestTraits {
  /** If-None-Match, If-Modified-Since or If-Range. */
  readonly conditional: boolean;
  /** If-Match or If-Unmodified-Since, which only the origin can answer (RFC 9111, section 4.3.2). */
  readonly forOrigin: boolean;
  readonly ranged: boolean;
  readonly directives: Directives;
}

const noDirectives: Directives = new Map();
const plain: RequestTraits = {
  conditional: false,
  forOrigin: false,
  ranged: false,
  directives: noDirectives,
};

/** The lengths of the names below: most fields need no look at more. */
const lengths = new Set(
  ['range', 'if-match', 'cache-control', 'if-modified-since', 'if-unmodified-since'].map(
    (name) => name.length,
  ),
);

/** Reads a request's fields. */
export function traitsOf(fields: FieldLines): RequestTraits {
  let traits = plain;
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const field = fields[index] ?? '';
    if (!lengths.has(field.length)) continue;
    switch (field.toLowerCase()) {
      case 'range':
        traits = { ...traits, ranged: true };
        break;
      case 'if-none-match':
      case 'if-modified-since':
      case 'if-range':
        traits = { ...traits, conditional: true };
        break;
      case 'if-match':
      case 'if-unmodified-since':
        traits = { ...traits, forOrigin: true };
        break;
      case 'cache-control':
        traits = { ...traits, directives: parseDirectives(linesOf(fields, 'cache-control')) };
        break;
    }
  }
  return traits;
}
