import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Plan } from '../../model/plan.ts';
import type { Keys } from './keys.ts';
import { type Deployment, Layer } from './layer.ts';

/** The platform's log groups; they outlive what writes to them. */
export interface Logs {
  /**
   * A log group with the plan's retention and the key of logs.
   * @param name as it is called in the account
   */
  readonly group: (name: string) => LogGroup;
}

/** Makes the stack of log groups; each layer asks for its own. */
export function createLogsStack(deployment: Deployment, plan: Plan, { keys }: { keys: Keys }): Logs {
  const layer = new Layer(deployment, plan, { name: 'logs', description: 'log groups', holdsData: true });
  return {
    group: (name) =>
      new LogGroup(layer, name.replace(/^\//, '').replaceAll('/', '-'), {
        logGroupName: name,
        encryptionKey: keys.logs,
        retention: retentionDays(plan.observability.logRetention),
        removalPolicy: layer.dataRemoval,
      }),
  };
}

/**
 * The shortest retention CloudWatch Logs offers that is at least as long
 * (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html).
 * @param retention milliseconds
 */
export function retentionDays(retention: number): RetentionDays {
  const days = Object.values(RetentionDays).filter(
    (value): value is RetentionDays => typeof value === 'number',
  );
  return (
    days.sort((one, other) => one - other).find((value) => value * 86_400_000 >= retention) ??
    RetentionDays.INFINITE
  );
}
