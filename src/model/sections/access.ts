import { z } from 'zod';
import { limits } from '../limits.ts';
import { count, duration, size } from '../scalars.ts';
import { hostname, name } from '../terms.ts';
import { behavior } from './access/behavior.ts';
import { cachePolicy } from './access/cache-policy.ts';
import { edgeFunction } from './access/edge-function.ts';
import { errorPage } from './access/error-page.ts';
import { origin } from './access/origin.ts';
import { originRequestPolicy } from './access/origin-request-policy.ts';
import { responseHeadersPolicy } from './access/response-headers-policy.ts';

/** The windows a web ACL counts requests over, in milliseconds. */
const rateWindows = [60_000, 120_000, 300_000, 600_000];

/** Section 1: client access. What the CDN serves and where it passes requests on. */
export const access = z.strictObject({
  origins: z.record(name, origin),
  cachePolicies: z.record(name, cachePolicy).default({}),
  originRequestPolicies: z.record(name, originRequestPolicy).default({}),
  responseHeadersPolicies: z.record(name, responseHeadersPolicy).default({}),
  /** Functions that run at the edge; a behaviour says on which events. */
  functions: z.record(name, edgeFunction).default({}),
  /** In order: the first whose pattern matches decides; the last is the default, '/*'. */
  behaviors: z.array(behavior).min(1).max(limits.edgeBehaviors.value),
  errorPages: z.array(errorPage).default([]),
  /** On a laptop: bytes the edge keeps; the vendor's caches have no size to set. */
  store: z
    .strictObject({
      memory: size({ min: 1024 * 1024 }).prefault('64MB'),
      disk: size({ min: 1024 * 1024 }).prefault('512MB'),
      /** The largest answer that is kept. */
      object: size({ min: 1024 }).prefault('64MB'),
    })
    .prefault({}),
  /** How long a client waits for an answer. */
  clientTimeout: duration().prefault('5s'),
  /** Whether answers carry x-cache, x-gateway-cache, x-entity-cache and server-timing. */
  explain: z.boolean().default(true),
  /** In an account: the viewers' own domain. Without it the CDN answers under the name the vendor gives it. */
  domain: z
    .strictObject({
      name: hostname,
      /** A CDN takes its certificate from this one region, wherever the platform is. */
      certificateArn: z
        .string()
        .regex(
          /^arn:aws[\w-]*:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
          'the ARN of a certificate in us-east-1',
        ),
    })
    .optional(),
  /** In an account: where a sign-in of the mobile apps may lead back to, compared exactly. */
  mobile: z
    .strictObject({
      redirectUris: z
        .array(
          z
            .string()
            .regex(/^[a-z][a-z0-9+.-]*:\/\/[\w.\-/]+$/, "an address such as 'com.example.app://signed-in'"),
        )
        .min(1)
        .max(limits.identityRedirects.value),
    })
    .prefault({ redirectUris: ['com.example.app://signed-in'] }),
  /** In an account: how many requests one address may send within the window before the web ACL refuses it. */
  rateLimit: z
    .strictObject({
      requests: count({ min: 10, max: limits.webAclRate }),
      window: duration()
        .refine((window) => rateWindows.includes(window), {
          params: {
            allowed: "'60s', '120s', '300s' or '600s'",
            nearest: '300s',
            reference: limits.webAclRate.reference,
          },
        })
        .prefault('300s'),
    })
    .prefault({ requests: 10_000 }),
});
