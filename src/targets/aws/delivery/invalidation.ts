import { randomUUID } from 'node:crypto';
import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { StrataError } from '../../../kernel/errors.ts';
import type { Plan } from '../../../model/plan.ts';
import { distributionComment } from '../edge/distribution-name.ts';
import { edgeRegion } from '../edge/region.ts';
import { accountFailure } from './account-failure.ts';
import { clientSettings } from './client-settings.ts';

/** What was asked of a distribution; it takes effect everywhere within a minute or two. */
export interface Invalidation {
  readonly distribution: string;
  readonly id: string;
}

/**
 * Removes what paths name from the caches of the deployed platform's distribution. The CDN's API is where its own part is
 * (https://docs.aws.amazon.com/general/latest/gr/cf_region.html).
 * @param endpoint of an emulator; the account's own when left out
 * @throws StrataError distribution-unknown, account-…, region-unreachable
 */
export async function invalidateDeployed(
  plan: Pick<Plan, 'name'>,
  paths: readonly string[],
  endpoint?: string,
): Promise<Invalidation> {
  const { CloudFrontClient, CreateInvalidationCommand } = await import('@aws-sdk/client-cloudfront');
  const client = new CloudFrontClient(clientSettings(edgeRegion, endpoint));
  try {
    const distribution = await distributionOf(plan, client);
    const { Invalidation } = await client.send(
      new CreateInvalidationCommand({
        DistributionId: distribution,
        InvalidationBatch: {
          CallerReference: randomUUID(),
          Paths: { Quantity: paths.length, Items: [...paths] },
        },
      }),
    );
    return { distribution, id: Invalidation?.Id ?? '' };
  } catch (error) {
    throw accountFailure(error, edgeRegion, endpoint);
  } finally {
    client.destroy();
  }
}

/** The one distribution that is the platform's, by what it says of itself. */
async function distributionOf(plan: Pick<Plan, 'name'>, client: CloudFrontClient): Promise<string> {
  const { paginateListDistributions } = await import('@aws-sdk/client-cloudfront');
  const comment = distributionComment(plan);
  const found: string[] = [];
  for await (const { DistributionList } of paginateListDistributions({ client }, {})) {
    for (const { Id = '', Comment } of DistributionList?.Items ?? []) if (Comment === comment) found.push(Id);
  }
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  throw new StrataError('distribution-unknown', {
    name: plan.name,
    found: found.length === 0 ? 'none' : found.join(', '),
  });
}
