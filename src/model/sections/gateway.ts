import { z } from 'zod';
import { limits } from '../limits.ts';
import { count, duration, rate, size } from '../scalars.ts';
import { name, path } from '../terms.ts';

/** Section 2: the API gateway's stage. */
export const gateway = z.strictObject({
  name,
  /** In an account: the stage's name, the first segment of its addresses. */
  stage: z
    .string()
    .regex(/^[\w-]{1,128}$/, 'a stage name of letters, digits, hyphens and underscores')
    .default('prod'),
  account: z
    .strictObject({
      rate: rate({ max: limits.gatewayAccountRate }),
      burst: count({ max: limits.gatewayAccountBurst }),
    })
    .prefault({ rate: '10000/s', burst: 5000 }),
  integrationTimeout: duration({
    min: limits.gatewayIntegrationTimeoutFloor.value,
    max: limits.gatewayIntegrationTimeout,
  }).prefault('4500ms'),
  /** What happens to a client's `Cache-Control: max-age=0` when it may not ask for a refresh. */
  cacheRefresh: z
    .strictObject({
      /** Whether a caller needs a token of this role to refresh; 'anyone' asks for none. */
      allow: z.enum(['anyone', 'reader', 'editor', 'admin']).default('reader'),
      unauthorized: z
        .enum(['FAIL_WITH_403', 'SUCCEED_WITH_RESPONSE_HEADER', 'SUCCEED_WITHOUT_RESPONSE_HEADER'])
        .default('SUCCEED_WITH_RESPONSE_HEADER'),
    })
    .prefault({}),
  /** Bytes of answers the cache may hold (the vendor's sizes start at 0.5 GB; locally a laptop's share). */
  cacheSize: size({ min: 1024 * 1024 }).prefault('64MB'),
  routes: z
    .array(
      z.strictObject({
        /** The resource and all below it. */
        path,
        methods: z.array(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])).min(1),
        service: name,
        throttle: z.strictObject({
          rate: rate({ max: limits.gatewayAccountRate }),
          /** Bucket size; the rate's one second when left out. */
          burst: count({ min: 1, max: limits.gatewayAccountBurst }).optional(),
        }),
        cache: z.strictObject({
          ttl: duration({ max: limits.gatewayCacheTtl }),
          /** Query parameters that are part of the key beside the path. */
          query: z.array(z.string().min(1)).default([]),
        }),
        auth: z.strictObject({
          mode: z.enum(['optional', 'required']),
          /** How long an authorizer's answer may be reused; 0 where auth is optional (no identity source). */
          ttl: duration({ max: limits.gatewayAuthorizerTtl }).optional(),
        }),
      }),
    )
    .min(1),
});
