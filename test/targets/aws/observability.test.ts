import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import blueprint from '../../../blueprint.ts';
import type { BlueprintDocument } from '../../../src/model/document.ts';
import { collectorOf } from '../../../src/targets/aws/observability/collector.ts';
import { createObservabilityStack } from '../../../src/targets/aws/observability.ts';
import { templateAlone } from './alone.ts';
import { planOf } from './plan.ts';
import { onlyOf, type Properties, propertiesOf } from './resources.ts';
import { templateOf } from './templates.ts';

/** The layer's template for a changed blueprint. */
function changed(change: (copy: BlueprintDocument) => void): Template {
  return templateAlone('observability', change, ({ deployment, plan, keys }) =>
    createObservabilityStack(deployment, plan, { keys, services: ['microservice-a', 'microservice-b'] }),
  );
}

describe("the blueprint document's alarm", () => {
  test('is there exactly as it is written, and tells the topic', () => {
    const template = templateOf('observability');
    const [topic] = Object.keys(template.findResources('AWS::SNS::Topic'));
    const alarms = Object.values(propertiesOf(template, 'AWS::CloudWatch::Alarm'));
    const { Tags: _, ...alarm } = alarms.find(({ AlarmName }) => AlarmName === 'HighCPUUsage') ?? {};
    assert.deepEqual(alarm, {
      AlarmName: 'HighCPUUsage',
      AlarmDescription: 'Triggers when ECS CPU usage exceeds 80%',
      MetricName: 'CPUUtilization',
      Namespace: 'AWS/ECS',
      Statistic: 'Average',
      Period: 300,
      EvaluationPeriods: 2,
      DatapointsToAlarm: 2,
      Threshold: 80,
      ComparisonOperator: 'GreaterThanThreshold',
      Dimensions: [{ Name: 'ClusterName', Value: 'CloudNativeCluster' }],
      AlarmActions: [{ Ref: topic }],
      TreatMissingData: 'notBreaching',
    });
  });

  test('is there once more for each service, which has figures of its own', () => {
    for (const service of Object.keys(planOf(blueprint).compute.services)) {
      templateOf('observability').hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: `HighCPUUsage-${service}`,
        Threshold: 80,
        Dimensions: [
          { Name: 'ClusterName', Value: 'CloudNativeCluster' },
          { Name: 'ServiceName', Value: service },
        ],
      });
    }
  });

  test('is alone where it is about something else than a cluster', () => {
    const template = changed((copy) => {
      const { HighCPUUsage } = copy.observability.alarms;
      assert.ok(HighCPUUsage);
      copy.observability.alarms = { ServerErrors: { ...HighCPUUsage, namespace: 'AWS/ApiGateway' } };
    });
    template.resourceCountIs('AWS::CloudWatch::Alarm', 1);
  });
});

describe('the topic', () => {
  test('is the one of its name, encrypted, and takes messages over TLS alone', () => {
    const template = templateOf('observability');
    template.hasResourceProperties('AWS::SNS::Topic', {
      TopicName: 'CloudNativeAlerts',
      KmsMasterKeyId: Match.anyValue(),
    });
    const { PolicyDocument } = onlyOf(template, 'AWS::SNS::TopicPolicy');
    assert.match(JSON.stringify(PolicyDocument), /"Effect":"Deny".*"aws:SecureTransport":"false"/);
  });

  test('can be written to by alarms and by the budget: they may use its key', () => {
    const keys = Object.values(propertiesOf(templateOf('keys'), 'AWS::KMS::Key'));
    const key = keys.find(({ Description }) => String(Description).endsWith('alarm topics'));
    assert.ok(key);
    const { Statement } = key.KeyPolicy as { readonly Statement: readonly Properties[] };
    const services = Statement.map(({ Principal }) => (Principal as Properties).Service);
    assert.deepEqual(services.flat().filter(Boolean), ['budgets.amazonaws.com', 'cloudwatch.amazonaws.com']);
  });

  test('writes to whom the blueprint names', () => {
    const template = changed((copy) => {
      copy.observability.emails = ['operations@example.com'];
    });
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'operations@example.com',
    });
    templateOf('observability').resourceCountIs('AWS::SNS::Subscription', 0);
  });
});

test('the budget tells the topic before the month has cost what it may', () => {
  const { Budget, NotificationsWithSubscribers } = onlyOf(
    templateOf('observability'),
    'AWS::Budgets::Budget',
  );
  assert.deepEqual((Budget as Properties).BudgetLimit, {
    Amount: planOf(blueprint).observability.budget.monthly,
    Unit: 'USD',
  });
  assert.match(JSON.stringify(NotificationsWithSubscribers), /"ACTUAL".*80.*"FORECASTED".*100/);
});

test('the dashboard shows each service and fits the grid', () => {
  const { DashboardBody } = onlyOf(templateOf('observability'), 'AWS::CloudWatch::Dashboard');
  const { widgets } = JSON.parse(String(DashboardBody)) as { widgets: { x: number; width: number }[] };
  for (const service of Object.keys(planOf(blueprint).compute.services)) {
    assert.ok(String(DashboardBody).includes(`"${service}"`), service);
  }
  for (const { x, width } of widgets) assert.ok(Number.isInteger(x) && x + width <= 24);
});

test('the collector listens to its own task alone, and hands traces to X-Ray', () => {
  const { image, environment, endpoint } = collectorOf({ region: 'us-west-2' });
  assert.match(image, /:v\d+\.\d+\.\d+$/);
  assert.equal(endpoint, 'http://127.0.0.1:4318');
  const { receivers, exporters, service } = JSON.parse(environment.AOT_CONFIG_CONTENT ?? '');
  assert.deepEqual(receivers, { otlp: { protocols: { http: { endpoint: '127.0.0.1:4318' } } } });
  assert.deepEqual(exporters, { awsxray: { region: 'us-west-2' } });
  assert.deepEqual(service.pipelines.traces.exporters, ['awsxray']);
});
