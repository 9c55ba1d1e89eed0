import type { Plan } from '../../../model/plan.ts';

/** What a platform's distribution says of itself, and is found by. */
export function distributionComment({ name }: Pick<Plan, 'name'>): string {
  return `${name}: what viewers reach`;
}

/** The ARN of a distribution, or of all with `*`; the CDN is no region's. */
export function distributionArn(
  { partition, account }: { readonly partition: string; readonly account: string },
  id: string,
): string {
  return `arn:${partition}:cloudfront::${account}:distribution/${id}`;
}
