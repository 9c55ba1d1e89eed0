import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Plan } from '../../../model/plan.ts';

/** A container beside each task's app: takes traces over OTLP and hands them to X-Ray. */
export interface Collector {
  /** Pinned by version; it is the vendor's own build of the OpenTelemetry collector. */
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where an app sends its spans: OTLP over HTTP, on the task's own loopback. */
  readonly endpoint: string;
  /** What the task's role has to allow. */
  readonly permissions: PolicyStatement;
}

/** What sending traces takes. */
export const tracing = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'] as const;

/** MiB that the collector keeps itself below. */
const memory = 64;

/**
 * The collector's definition. It listens on the loopback interface alone, and bounds its memory.
 * Source: https://aws-otel.github.io/docs/setup/ecs
 */
export function collectorOf({ region }: Pick<Plan, 'region'>): Collector {
  const endpoint = '127.0.0.1:4318';
  const configuration = {
    receivers: { otlp: { protocols: { http: { endpoint } } } },
    processors: {
      memory_limiter: { check_interval: '1s', limit_mib: memory },
      batch: { timeout: '1s', send_batch_size: 50 },
    },
    exporters: { awsxray: { region } },
    service: {
      telemetry: { logs: { level: 'warn' } },
      pipelines: {
        traces: { receivers: ['otlp'], processors: ['memory_limiter', 'batch'], exporters: ['awsxray'] },
      },
    },
  };
  return {
    image: 'public.ecr.aws/aws-observability/aws-otel-collector:v0.49.0',
    // JSON is YAML, which the collector reads.
    environment: { AOT_CONFIG_CONTENT: JSON.stringify(configuration) },
    endpoint: `http://${endpoint}`,
    permissions: new PolicyStatement({
      // X-Ray has no resource that a segment could be written to.
      actions: [...tracing],
      resources: ['*'],
    }),
  };
}
