import { z } from 'zod';
import { limits } from '../../limits.ts';
import { duration } from '../../scalars.ts';
import { names } from './name-set.ts';
import { keyHeader } from './names.ts';

const header = z.string().regex(keyHeader.form, keyHeader.allowed);
const value = z.string().regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, 'text in ASCII on one line');

/** Header fields that have a place of their own in the policy, or that no policy may set. */
const ofTheirOwn = [
  'content-security-policy',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
];

/**
 * The header fields that an answer has whatever the origin sent, and those it loses.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
 */
export const responseHeadersPolicy = z.strictObject({
  security: z
    .strictObject({
      /** `{scripts}` in it stands for the hashes of the scripts that the origins' pages have. */
      contentSecurityPolicy: value.max(limits.contentSecurityPolicy.value).optional(),
      /** X-Content-Type-Options: nosniff. */
      contentTypeOptions: z.boolean().default(false),
      frameOptions: z.enum(['DENY', 'SAMEORIGIN']).optional(),
      referrerPolicy: z
        .enum([
          'no-referrer',
          'no-referrer-when-downgrade',
          'origin',
          'origin-when-cross-origin',
          'same-origin',
          'strict-origin',
          'strict-origin-when-cross-origin',
          'unsafe-url',
        ])
        .optional(),
      /** Sent over TLS alone, where it means something (RFC 6797, section 7.2). */
      strictTransportSecurity: z
        .strictObject({
          maxAge: duration(),
          includeSubdomains: z.boolean().default(false),
          preload: z.boolean().default(false),
        })
        .optional(),
    })
    .prefault({}),
  custom: z
    .record(
      header.refine(
        (name) => !ofTheirOwn.includes(name.toLowerCase()),
        'a header that is not under `security`',
      ),
      value,
    )
    .default({})
    .refine((fields) => Object.keys(fields).length <= limits.responseHeadersPolicyHeaders.value, {
      params: {
        allowed: `at most ${limits.responseHeadersPolicyHeaders.value} headers`,
        reference: limits.responseHeadersPolicyHeaders.reference,
      },
    }),
  remove: names({ ...keyHeader, limit: limits.responseHeadersPolicyRemovals }).default([]),
  cors: z
    .strictObject({
      origins: z
        .array(
          z.string().regex(/^(\*|https?:\/\/[\w.*:-]+)$/, "'*' or an origin such as 'https://example.com'"),
        )
        .min(1),
      methods: z.array(z.enum(['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'])).min(1),
      headers: z.array(z.string().regex(/^(\*|[\w-]+)$/, "'*' or a header")).min(1),
      credentials: z.boolean().default(false),
      expose: z.array(header).default([]),
      maxAge: duration().prefault('10m'),
    })
    .optional(),
});
