import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { Plan } from '../../../model/plan.ts';
import type { Layer } from '../layer.ts';

/** A metric as a dashboard writes it: namespace, name, dimensions in turn, and how it is shown. */
type Metric = readonly (
  | string
  | { readonly stat?: string; readonly label?: string; readonly yAxis?: 'right' }
)[];

/**
 * Makes the platform's dashboard: a row a layer, each beside what the SLA table promises of it.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function createDashboard(layer: Layer, plan: Plan, services: readonly string[]): void {
  const { name, gateway, compute, data, sla } = plan;
  const api = ['ApiName', gateway.name, 'Stage', gateway.stage];
  const acl = ['WebACL', `${name}-api`, 'Region', plan.region, 'Rule', 'ALL'];
  const table = ['TableName', data.table.name];
  const rows: Record<string, unknown>[][] = [
    [
      graph(plan, `API: requests, at most ${sla.gateway.throughput}/s`, [
        ['AWS/ApiGateway', 'Count', ...api, { stat: 'Sum' }],
        ['AWS/ApiGateway', '4XXError', ...api, { stat: 'Sum' }],
        ['AWS/ApiGateway', '5XXError', ...api, { stat: 'Sum' }],
        ['AWS/WAFV2', 'BlockedRequests', ...acl, { stat: 'Sum' }],
      ]),
      graph(plan, `API: milliseconds, below ${sla.gateway.latency}`, [
        ['AWS/ApiGateway', 'Latency', ...api, { stat: 'p50', label: 'p50' }],
        ['AWS/ApiGateway', 'Latency', ...api, { stat: 'p99', label: 'p99' }],
        ['AWS/ApiGateway', 'IntegrationLatency', ...api, { stat: 'p99', label: 'service p99' }],
      ]),
      graph(plan, 'API: cache', [
        ['AWS/ApiGateway', 'CacheHitCount', ...api, { stat: 'Sum' }],
        ['AWS/ApiGateway', 'CacheMissCount', ...api, { stat: 'Sum' }],
      ]),
    ],
    ['CPUUtilization', 'MemoryUtilization'].map((metric) =>
      graph(
        plan,
        `Services: ${metric}`,
        services.map((service) => [
          'AWS/ECS',
          metric,
          'ClusterName',
          compute.cluster,
          'ServiceName',
          service,
          { stat: 'Average', label: service },
        ]),
      ),
    ),
    [
      graph(plan, `Table: units, at most ${sla.table.readUnits}/s and ${sla.table.writeUnits}/s`, [
        ['AWS/DynamoDB', 'ConsumedReadCapacityUnits', ...table, { stat: 'Sum' }],
        ['AWS/DynamoDB', 'ConsumedWriteCapacityUnits', ...table, { stat: 'Sum' }],
      ]),
      graph(plan, `Table: milliseconds, below ${sla.table.latency}`, [
        ...['GetItem', 'Query', 'PutItem'].map(
          (operation): Metric => [
            'AWS/DynamoDB',
            'SuccessfulRequestLatency',
            ...table,
            'Operation',
            operation,
            { stat: 'p99', label: operation },
          ],
        ),
      ]),
    ],
  ];
  new CfnDashboard(layer, 'dashboard', {
    dashboardName: name,
    dashboardBody: JSON.stringify({ widgets: rows.flatMap(placed) }),
  });
}

/** The grid's width and the height of a row. */
const grid = { width: 24, height: 6 };

/** Gives a row's widgets the same width and their places. */
function placed(row: readonly Record<string, unknown>[], index: number): Record<string, unknown>[] {
  const width = grid.width / row.length;
  return row.map((widget, column) => ({
    ...widget,
    x: column * width,
    y: index * grid.height,
    width,
    height: grid.height,
  }));
}

function graph({ region }: Plan, title: string, metrics: readonly Metric[]): Record<string, unknown> {
  return { type: 'metric', properties: { title, region, view: 'timeSeries', period: 60, metrics } };
}
