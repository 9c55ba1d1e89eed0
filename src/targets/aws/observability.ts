import { Aws } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { CfnSubscription, CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import type { Plan } from '../../model/plan.ts';
import type { Keys } from './keys.ts';
import { type Deployment, Layer } from './layer.ts';
import { createAlarms } from './observability/alarms.ts';
import { createDashboard } from './observability/dashboard.ts';

/** What the observability layer looks at. */
export interface ObservabilityInputs {
  readonly keys: Keys;
  /** Names of the cluster's services, the mesh's ingress among them. */
  readonly services: readonly string[];
}

/** Makes alarms and the topics they tell, the dashboard, and the budget. */
export function createObservabilityStack(
  deployment: Deployment,
  plan: Plan,
  { keys, services }: ObservabilityInputs,
): void {
  const layer = new Layer(deployment, plan, {
    name: 'observability',
    description: 'alarms, topics, the dashboard and the budget',
  });
  const topics = new Map(
    plan.observability.topics.map((name) => [
      name,
      createTopic(layer, plan, { name, key: keys.notifications }),
    ]),
  );
  allowPublishers(keys.notifications);
  createAlarms(layer, plan, { topics, services });
  createDashboard(layer, plan, services);
  createBudget(layer, plan, [...topics.values()][0]);
}

/** Services of the vendor's that tell the topics something. */
const publishers = ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'];

function createTopic(
  layer: Layer,
  { observability }: Plan,
  { name, key }: { name: string; key: Key },
): CfnTopic {
  const topic = new CfnTopic(layer, name, { topicName: name, kmsMasterKeyId: key.keyArn });
  const statement = (Effect: 'Allow' | 'Deny', Principal: unknown, Condition: unknown) => ({
    Effect,
    Principal,
    Action: 'sns:Publish',
    Resource: topic.ref,
    Condition,
  });
  new CfnTopicPolicy(layer, `${name}-policy`, {
    topics: [topic.ref],
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        statement(
          'Allow',
          { Service: publishers },
          { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
        ),
        statement('Deny', '*', { Bool: { 'aws:SecureTransport': 'false' } }),
      ],
    },
  });
  for (const [index, endpoint] of observability.emails.entries()) {
    new CfnSubscription(layer, `${name}-email-${index + 1}`, {
      topicArn: topic.ref,
      protocol: 'email',
      endpoint,
    });
  }
  return topic;
}

/** A topic that is encrypted takes messages only from who may use its key. */
function allowPublishers(key: Key): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: publishers.map((service) => new ServicePrincipal(service)),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
}

/** Tells the first topic when the month's costs near the budget, or are going to exceed it. */
function createBudget(layer: Layer, { name, observability }: Plan, topic: CfnTopic | undefined): void {
  const notify = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
    notification: {
      notificationType,
      comparisonOperator: 'GREATER_THAN',
      threshold,
      thresholdType: 'PERCENTAGE',
    },
    subscribers: topic === undefined ? [] : [{ subscriptionType: 'SNS', address: topic.ref }],
  });
  new CfnBudget(layer, 'budget', {
    budget: {
      budgetName: name,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: observability.budget.monthly, unit: 'USD' },
    },
    ...(topic === undefined
      ? {}
      : { notificationsWithSubscribers: [notify('ACTUAL', 80), notify('FORECASTED', 100)] }),
  });
}
