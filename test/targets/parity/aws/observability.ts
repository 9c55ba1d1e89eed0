import type { Settings, Value } from '../settings.ts';
import { type Properties, resourcesOf, type Templates } from './templates.ts';

/** What the templates say of alarms and topics. */
export function observabilitySettings(templates: Templates): Settings {
  const topics = resourcesOf(templates, 'observability', 'AWS::SNS::Topic');
  const alarms = Object.values(resourcesOf(templates, 'observability', 'AWS::CloudWatch::Alarm'));
  return {
    'observability.topics': Object.values(topics).map(({ TopicName }) => String(TopicName)),
    ...Object.assign({}, ...alarms.map((alarm) => alarmSettings(alarm, topics))),
  };
}

function alarmSettings(alarm: Properties, topics: Readonly<Record<string, Properties>>): Settings {
  const at = `observability.alarms.${alarm.AlarmName}`;
  const dimensions = alarm.Dimensions as readonly { readonly Name: string; readonly Value: string }[];
  const [action] = alarm.AlarmActions as readonly { readonly Ref: string }[];
  const fields: Record<string, unknown> = {
    description: alarm.AlarmDescription,
    namespace: alarm.Namespace,
    metric: alarm.MetricName,
    statistic: alarm.Statistic,
    period: Number(alarm.Period) * 1000,
    evaluationPeriods: alarm.EvaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm,
    threshold: alarm.Threshold,
    comparison: alarm.ComparisonOperator,
    missingData: alarm.TreatMissingData,
    topic: topics[action?.Ref ?? '']?.TopicName,
    ...Object.fromEntries(dimensions.map(({ Name, Value: value }) => [`dimensions.${Name}`, value])),
  };
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${at}.${name}`, value as Value]));
}
