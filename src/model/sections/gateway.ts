import { z } from 'zod';
import { roles } from '../../kernel/roles.ts';
import { limits } from '../limits.ts';
import { count, duration, rate, size } from '../scalars.ts';
import { folder, name, path } from '../terms.ts';

/** A function behind the API (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const gatewayFunction = z.strictObject({
  /** Its folder; `handler.ts` there exports `handler`. */
  source: folder,
  /** MiB. */
  memory: count({ min: 128, max: limits.functionMemory }).default(256),
  /** How long one event may take, in whole seconds; the start of an environment does not count. */
  timeout: duration({ min: 1000, max: limits.functionTimeout }).prefault('3s'),
  /** What it may use; of the other stores it knows nothing. */
  stores: z.array(z.enum(['sessions'])).default([]),
});

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
      allow: z.enum(['anyone', ...roles]).default('reader'),
      unauthorized: z
        .enum(['FAIL_WITH_403', 'SUCCEED_WITH_RESPONSE_HEADER', 'SUCCEED_WITHOUT_RESPONSE_HEADER'])
        .default('SUCCEED_WITH_RESPONSE_HEADER'),
    })
    .prefault({}),
  /** Bytes of answers the cache may hold (the vendor's sizes start at 0.5 GB; locally a laptop's share). */
  cacheSize: size({ min: 1024 * 1024 }).prefault('64MB'),
  /** Media types whose bodies functions get and give as bytes in base64, such as 'image/*'; all others are text. */
  binaryMediaTypes: z
    .array(z.string().regex(/^[a-z*]+\/[\w.+*-]+$/, "a media type such as 'image/png' or 'image/*'"))
    .default([]),
  /** Functions that routes name, by name. */
  functions: z.record(name, gatewayFunction).default({}),
  routes: z
    .array(
      z.strictObject({
        /** The resource and all below it. */
        path,
        methods: z.array(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])).min(1),
        /** Who answers: a service behind the mesh's ingress, or a function; one of the two. */
        service: name.optional(),
        function: name.optional(),
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
          /** `none` asks no authorizer: the function looks after who calls by itself. */
          mode: z.enum(['none', 'optional', 'required']),
          /** How long an authorizer's answer may be reused; 0 where no token is required (no identity source). */
          ttl: duration({ max: limits.gatewayAuthorizerTtl }).optional(),
        }),
      }),
    )
    .min(1),
});
