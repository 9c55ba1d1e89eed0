import { require } from './invalid-result.ts';
import { functionLimits } from './limits.ts';

/** Control characters, the space, and `#`. */
const unfit = /[^!-\u{10ffff}]|[\u007f#]/u;

/**
 * The request target of a returned `uri` and `querystring`: without spaces, control characters and `#`, shorter than
 * 8,192 characters, in the percent-encoding of UTF-8.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-query-strings
 * @throws InvalidResult
 */
export function resultTarget(uri: unknown, querystring: unknown): string {
  require(typeof uri === 'string' && uri.startsWith('/'), 'uri does not begin with a slash');
  require(typeof querystring === 'string', 'querystring is not text');
  require(!unfit.test(uri) && !uri.includes('?'), 'uri has a space, a control character, # or ?');
  require(!unfit.test(querystring), 'querystring has a space, a control character or #');
  require(uri.length + querystring.length < functionLimits.target, 'uri and querystring are too long');
  const target = querystring === '' ? uri : `${uri}?${querystring}`;
  require(target.isWellFormed(), 'uri or querystring is no Unicode');
  return target.replace(/[^\u0021-\u007e]+/g, encodeURIComponent);
}
