import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import {
  CloudFrontClient,
  CreateDistributionCommand,
  GetInvalidationCommand,
} from '@aws-sdk/client-cloudfront';
import { StrataError } from '../../../../src/kernel/errors.ts';
import { invalidateDeployed } from '../../../../src/targets/aws/delivery/invalidation.ts';
import { distributionComment } from '../../../../src/targets/aws/edge/distribution-name.ts';
import { startEmulator } from '../../../emulator.ts';

describe('an invalidation in an account', async () => {
  const emulator = await startEmulator({ after });
  Object.assign(process.env, emulator.variables);
  const client = new CloudFrontClient({ region: 'us-east-1', endpoint: emulator.url });
  after(() => client.destroy());

  async function distributionOf(name: string): Promise<string> {
    const { Distribution } = await client.send(
      new CreateDistributionCommand({
        DistributionConfig: {
          CallerReference: `${Math.random()}`,
          Comment: distributionComment({ name }),
          Enabled: true,
          Origins: {
            Quantity: 1,
            Items: [
              {
                Id: 'pages',
                DomainName: 'pages.example',
                CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' },
              },
            ],
          },
          DefaultCacheBehavior: { TargetOriginId: 'pages', ViewerProtocolPolicy: 'allow-all' },
        },
      }),
    );
    return Distribution?.Id ?? assert.fail();
  }
  const code = (expected: string, found: RegExp) => (error: unknown) =>
    error instanceof StrataError && error.code === expected && found.test(error.message);

  test('is asked of the distribution of this platform, and of no other', async () => {
    const [own] = [await distributionOf('mine'), await distributionOf('others')];
    const paths = ['/index.html', '/assets/*'];
    const { distribution, id } = await invalidateDeployed({ name: 'mine' }, paths, emulator.url);
    assert.equal(distribution, own);
    const { Invalidation } = await client.send(new GetInvalidationCommand({ DistributionId: own, Id: id }));
    assert.deepEqual(Invalidation?.InvalidationBatch?.Paths?.Items, paths);
  });

  test('is refused where there is no such distribution, and where there are several', async () => {
    const ask = (name: string) => invalidateDeployed({ name }, ['/*'], emulator.url);
    await assert.rejects(ask('missing'), code('distribution-unknown', /none/));
    const twins = [await distributionOf('twin'), await distributionOf('twin')];
    await assert.rejects(ask('twin'), code('distribution-unknown', new RegExp(twins.join(', '))));
  });
});
