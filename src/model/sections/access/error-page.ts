import { z } from 'zod';
import { duration } from '../../scalars.ts';

/** Status codes that CloudFront has pages and times for. */
const statuses = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504] as const;

/**
 * What becomes of an error of the origin's, on every behaviour: how long it is kept, and a page in its place.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html
 */
export const errorPage = z
  .strictObject({
    status: z.union(statuses.map((status) => z.literal(status))),
    /** A path that a behaviour answers. */
    page: z
      .string()
      .regex(/^\/[\w\-./]+$/, "a path such as '/404.html'")
      .optional(),
    /** The status the viewer gets with the page. */
    answer: z.union([z.literal(200), ...statuses.map((status) => z.literal(status))]).optional(),
    ttl: duration().prefault('10s'),
  })
  .refine(({ page, answer }) => (page === undefined) === (answer === undefined), {
    params: { allowed: 'page and answer together' },
  });
