import { z } from 'zod';
import { nameSet } from './name-set.ts';
import { cookie, forwardedHeader, queryString } from './names.ts';

/**
 * What the origin gets of a request beside what is in the cache key.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/origin-request-understand-origin-request-policy.html
 */
export const originRequestPolicy = z.strictObject({
  query: nameSet(queryString).prefault('none'),
  headers: nameSet(forwardedHeader).prefault('none'),
  cookies: nameSet(cookie).prefault('none'),
});
