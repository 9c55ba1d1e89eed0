import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnTopic } from 'aws-cdk-lib/aws-sns';
import type { Plan } from '../../../model/plan.ts';
import type { Layer } from '../layer.ts';

type Alarm = Plan['observability']['alarms'][string];

/** What alarms need. */
export interface AlarmInputs {
  readonly topics: ReadonlyMap<string, CfnTopic>;
  /** Names of the cluster's services. */
  readonly services: readonly string[];
}

/**
 * Makes every alarm as it is written, and for one about the whole cluster the same by service: on Fargate there is no
 * figure of the cluster alone, so as written it never has data.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
 */
export function createAlarms(layer: Layer, { observability }: Plan, { topics, services }: AlarmInputs): void {
  for (const [name, alarm] of Object.entries(observability.alarms)) {
    const topic = topics.get(alarm.topic);
    createAlarm(layer, name, alarm, topic);
    if (alarm.namespace !== 'AWS/ECS' || Object.keys(alarm.dimensions).join() !== 'ClusterName') continue;
    for (const service of services) {
      const dimensions = { ...alarm.dimensions, ServiceName: service };
      createAlarm(layer, `${name}-${service}`, { ...alarm, dimensions }, topic);
    }
  }
}

function createAlarm(layer: Layer, alarmName: string, alarm: Alarm, topic: CfnTopic | undefined): void {
  new CfnAlarm(layer, alarmName, {
    alarmName,
    alarmDescription: alarm.description,
    namespace: alarm.namespace,
    metricName: alarm.metric,
    dimensions: Object.entries(alarm.dimensions).map(([name, value]) => ({ name, value })),
    statistic: alarm.statistic,
    period: alarm.period / 1000,
    evaluationPeriods: alarm.evaluationPeriods,
    datapointsToAlarm: alarm.datapointsToAlarm,
    threshold: alarm.threshold,
    comparisonOperator: alarm.comparison,
    treatMissingData: alarm.missingData,
    ...(topic === undefined ? {} : { alarmActions: [topic.ref] }),
  });
}
