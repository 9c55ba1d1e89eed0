import { z } from 'zod';
import { limits } from '../../limits.ts';
import { duration } from '../../scalars.ts';
import { nameSet, names } from './name-set.ts';
import { cookie, keyHeader, queryString } from './names.ts';

/** A time to live: whole seconds, as CloudFront counts. */
const ttl = () =>
  duration({ max: limits.cachePolicyTtl }).refine((value) => value % 1000 === 0, {
    params: { allowed: 'whole seconds', reference: limits.cachePolicyTtl.reference },
  });

/**
 * What is in the cache key beside the path, and for how long an answer is kept. Defaults are CloudFront's.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cache-key-understand-cache-policy.html
 */
export const cachePolicy = z.strictObject({
  minTtl: ttl().prefault('0s'),
  /** Where the origin says nothing. */
  defaultTtl: ttl().prefault('1d'),
  maxTtl: ttl().prefault('365d'),
  query: nameSet(queryString).prefault('none'),
  headers: names(keyHeader).default([]),
  cookies: nameSet(cookie).prefault('none'),
  /** The codings of a viewer's Accept-Encoding that are in the key, and that the edge may compress to. */
  compression: z.array(z.enum(['br', 'gzip'])).default([]),
});
