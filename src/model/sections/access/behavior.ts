import { z } from 'zod';
import { limits } from '../../limits.ts';
import { name } from '../../terms.ts';
import { eventTypes } from './edge-function.ts';

const everyMethod = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'] as const;

/** A method that CloudFront knows. */
export type Method = (typeof everyMethod)[number];

/** The sets of methods that CloudFront can cache, and those it can pass on. */
const cacheable: readonly (readonly Method[])[] = [
  ['GET', 'HEAD'],
  ['GET', 'HEAD', 'OPTIONS'],
];
const allowed: readonly (readonly Method[])[] = [...cacheable, everyMethod];

const behaviorPage =
  'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html';

/** A set of methods, in any order. */
const methods = (sets: readonly (readonly Method[])[]) =>
  z
    .array(z.enum(everyMethod))
    .refine(
      (list) => sets.some((set) => set.length === list.length && set.every((one) => list.includes(one))),
      {
        params: {
          allowed: sets.map((set) => set.join(' ')).join(', or '),
          nearest: ['GET', 'HEAD'],
          reference: behaviorPage,
        },
      },
    );

/** The name of a policy of the section, or of one of CloudFront's own. */
const policyName = z.string().regex(/^[A-Za-z][\w-]{0,127}$/, 'the name of a policy');

/**
 * What happens to the paths of a pattern. `*` stands for any number of characters, `?` for one.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
 */
export const behavior = z.strictObject({
  path: z
    .string()
    .regex(/^(\*|\/[\w\-.*$/~"'@:+&?]*)$/, "a path pattern such as '/api/*'")
    .max(limits.pathPattern.value),
  origin: name,
  /** What is passed on; 'all' stands for all seven. */
  methods: z
    .union([z.literal('all').transform((): Method[] => [...everyMethod]), methods(allowed)])
    .prefault(['GET', 'HEAD']),
  /** What is answered from the cache. */
  cachedMethods: methods(cacheable).prefault(['GET', 'HEAD']),
  cachePolicy: policyName,
  originRequestPolicy: policyName.optional(),
  responseHeadersPolicy: policyName.optional(),
  /** Whether the edge compresses what the origin does not, to the codings of the cache policy. */
  compress: z.boolean().default(false),
  /** In an account: what becomes of a viewer without TLS; `https-only` before the gateway, else `redirect-to-https`. */
  viewerProtocol: z.enum(['allow-all', 'https-only', 'redirect-to-https']).optional(),
  /** Names of functions by event. */
  functions: z.partialRecord(z.enum(eventTypes), name).default({}),
});
