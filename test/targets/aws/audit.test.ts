import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { createAuditStack } from '../../../src/targets/aws/audit.ts';
import { templateAlone } from './alone.ts';
import { onlyOf, propertiesOf } from './resources.ts';
import { templateOf } from './templates.ts';

describe('the audit trail', () => {
  test('has every region in it, and digests that prove it whole', () => {
    const trail = onlyOf(templateOf('audit'), 'AWS::CloudTrail::Trail');
    assert.deepEqual(
      [
        trail.IsLogging,
        trail.IsMultiRegionTrail,
        trail.IncludeGlobalServiceEvents,
        trail.EnableLogFileValidation,
      ],
      [true, true, true, true],
    );
    assert.ok(trail.KMSKeyId);
  });

  test('goes to a bucket where nothing can be changed before its time, and that outlives everything', () => {
    templateOf('audit').hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Days: 365, Mode: 'GOVERNANCE' } },
        },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    });
  });

  test('is locked as the blueprint says', () => {
    const template = templateAlone(
      'audit',
      (copy) => {
        copy.observability.audit = { retention: '30d', lock: 'COMPLIANCE' };
      },
      ({ deployment, plan, keys, logs }) => createAuditStack(deployment, plan, { keys, logs }),
    );
    template.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockConfiguration: Match.objectLike({
        Rule: { DefaultRetention: { Days: 30, Mode: 'COMPLIANCE' } },
      }),
    });
  });

  test('is written by the trail of this name alone', () => {
    const policies = Object.values(propertiesOf(templateOf('audit'), 'AWS::S3::BucketPolicy'));
    const text = JSON.stringify(policies);
    assert.match(text, /"s3:PutObject".*"cloudtrail\.amazonaws\.com"/);
    assert.match(text, /:trail\/cloud-native-trail/);
  });
});

test('no bucket of the audit layer is open to the public or to the clear', () => {
  for (const bucket of Object.values(propertiesOf(templateOf('audit'), 'AWS::S3::Bucket'))) {
    assert.deepEqual(bucket.PublicAccessBlockConfiguration, {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
  }
  for (const policy of Object.values(propertiesOf(templateOf('audit'), 'AWS::S3::BucketPolicy'))) {
    assert.match(JSON.stringify(policy), /"Effect":"Deny"|"aws:SecureTransport":"false"/);
  }
});
