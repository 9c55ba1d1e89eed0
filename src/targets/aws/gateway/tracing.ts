import { Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction, Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { tracing } from '../observability/collector.ts';

/** Has a function take part in the traces of the API that calls it. */
export function trace(lambda: Lambda): CfnFunction {
  lambda.addToRolePolicy(
    new PolicyStatement({
      actions: [...tracing],
      resources: ['*'],
    }),
  );
  Validations.of(lambda.role ?? lambda).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'These actions of X-Ray take no narrower resource.',
  });
  const resource = lambda.node.defaultChild as CfnFunction;
  resource.tracingConfig = { mode: 'Active' };
  return resource;
}
