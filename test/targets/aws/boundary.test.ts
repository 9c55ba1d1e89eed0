import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Template } from 'aws-cdk-lib/assertions';
import blueprint from '../../../blueprint.ts';
import { onlyOf, propertiesOf } from './resources.ts';
import { synthesized } from './synthesis.ts';
import { assembly, templateOf } from './templates.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}
interface Policy {
  readonly Statement: readonly Statement[];
}

const actionsOf = ({ Statement }: Policy) => Statement.flatMap(({ Action }) => Action);

const roles = assembly().stacks.flatMap(({ displayName, template }) =>
  Object.entries(propertiesOf(Template.fromJSON(template), 'AWS::IAM::Role')).map(([id, properties]) => ({
    name: `${displayName}/${id}`,
    properties,
  })),
);

/** Every policy of a role, in the role or beside it, by where it stands. */
const policies = assembly().stacks.flatMap(({ displayName, template }) => {
  const parsed = Template.fromJSON(template);
  const inline = Object.entries(propertiesOf(parsed, 'AWS::IAM::Role')).flatMap(([id, { Policies = [] }]) =>
    (Policies as readonly { readonly PolicyDocument: Policy }[]).map(({ PolicyDocument }) => ({
      name: `${displayName}/${id}`,
      policy: PolicyDocument,
    })),
  );
  const beside = Object.entries(propertiesOf(parsed, 'AWS::IAM::Policy')).map(([id, { PolicyDocument }]) => ({
    name: `${displayName}/${id}`,
    policy: PolicyDocument as Policy,
  }));
  return [...inline, ...beside];
});

describe('the roles of the platform', () => {
  test('are some, and each has the boundary', () => {
    assert.ok(roles.length > 10);
    for (const { name, properties } of roles) {
      assert.match(JSON.stringify(properties.PermissionsBoundary), /policy\/cloud-native-boundary/, name);
    }
  });

  test('are granted nothing beyond it', () => {
    const { PolicyDocument } = onlyOf(templateOf('boundary'), 'AWS::IAM::ManagedPolicy');
    const limit = new Set(actionsOf(PolicyDocument as Policy));
    const beyond = policies.flatMap(({ name, policy }) =>
      actionsOf(policy)
        .filter((action) => !limit.has(action))
        .map((action) => `${name}: ${action}`),
    );
    assert.deepEqual(beyond, []);
  });

  test('may do within it all that the vendor asks of its own policies', () => {
    // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
    const log = ['CreateLogGroup', 'CreateLogStream', 'PutLogEvents'];
    const read = ['DescribeLogStreams', 'GetLogEvents'];
    const vendorPolicies: Readonly<Record<string, readonly string[]>> = {
      AmazonAPIGatewayPushToCloudWatchLogs: [...log, ...read, 'DescribeLogGroups', 'FilterLogEvents'],
      AmazonRDSEnhancedMonitoringRole: [...log, ...read, 'PutRetentionPolicy'],
    };
    const { PolicyDocument } = onlyOf(templateOf('boundary'), 'AWS::IAM::ManagedPolicy');
    const limit = new Set(actionsOf(PolicyDocument as Policy));
    const attached = roles.flatMap(({ properties: { ManagedPolicyArns = [] } }) =>
      (ManagedPolicyArns as unknown[]).map(
        (arn) => /policy\/service-role\/(\w+)/.exec(JSON.stringify(arn))?.[1],
      ),
    );
    assert.deepEqual(attached.sort(), Object.keys(vendorPolicies).sort());
    for (const action of Object.values(vendorPolicies).flat()) assert.ok(limit.has(`logs:${action}`), action);
  });

  test('may do within it what emptying a bucket takes, which a policy of the bucket grants by wildcards', () => {
    // A boundary limits what a resource's policy grants to a role by its ARN, too:
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    const emptying = {
      GetBucketTagging: 's3:GetBucketTagging',
      ListObjectVersions: 's3:ListBucketVersions',
      DeleteObjects: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
    };
    const { stacks } = synthesized(blueprint, { deleteData: true });
    const emptied = stacks.flatMap(({ template }) =>
      Object.keys(propertiesOf(Template.fromJSON(template), 'Custom::S3AutoDeleteObjects')),
    );
    assert.equal(emptied.length, 1);
    const { PolicyDocument } = onlyOf(templateOf('boundary'), 'AWS::IAM::ManagedPolicy');
    const limit = new Set(actionsOf(PolicyDocument as Policy));
    for (const action of Object.values(emptying).flat()) assert.ok(limit.has(action), action);
  });

  test('are granted actions by name, and resources by name where an action has any', () => {
    const unnamed = /^(xray:Put|ecr:GetAuthorizationToken$)/;
    for (const { name, policy } of policies) {
      for (const { Action, Resource } of policy.Statement) {
        const actions = [Action].flat();
        for (const action of actions) assert.doesNotMatch(action, /\*/, name);
        const anything = [Resource].flat().includes('*');
        assert.ok(!anything || actions.every((action) => unnamed.test(action)), `${name}: ${actions}`);
      }
    }
  });

  test('may, within it, make no role and change no policy', () => {
    const { PolicyDocument } = onlyOf(templateOf('boundary'), 'AWS::IAM::ManagedPolicy');
    const identity = actionsOf(PolicyDocument as Policy).filter((action) => action.startsWith('iam:'));
    assert.deepEqual(identity, ['iam:PassRole']);
  });
});

test('every other stack stands on the boundary', () => {
  for (const stack of assembly().stacks) {
    if (stack.stackName === 'cloud-native-boundary') continue;
    assert.ok(
      stack.dependencies.some(({ id }) => id === 'cloud-native-boundary'),
      stack.stackName,
    );
  }
});
