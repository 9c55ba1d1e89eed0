import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Plan } from '../../../model/plan.ts';
import type { Api } from '../api.ts';
import type { Keys } from '../keys.ts';
import type { Layer } from '../layer.ts';
import { retentionDays } from '../logs.ts';

/**
 * Lets API Gateway write execution logs: a setting of the whole account in this region, so it stays when the stack
 * goes. The log group bears the name the vendor gives it, so that it is encrypted and ends.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export function createExecutionLog(
  layer: Layer,
  plan: Plan,
  { api, keys }: { api: Api; keys: Keys },
): CfnAccount {
  new LogGroup(layer, 'execution-log', {
    logGroupName: `API-Gateway-Execution-Logs_${api.id}/${api.stage}`,
    encryptionKey: keys.logs,
    retention: retentionDays(plan.observability.logRetention),
    removalPolicy: layer.dataRemoval,
  });
  const role = new Role(layer, 'log-role', {
    description: 'Lets API Gateway write the logs of the APIs of this region',
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    managedPolicies: [
      ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs'),
    ],
  });
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    reason: 'The setting is for every API of the account; this is the policy the vendor names for it.',
  });
  const account = new CfnAccount(layer, 'log-account', { cloudWatchRoleArn: role.roleArn });
  // Other APIs of the account write their logs with it.
  role.applyRemovalPolicy(RemovalPolicy.RETAIN);
  account.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return account;
}
