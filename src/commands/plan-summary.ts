import { formatDuration, formatPercent, formatSize } from '../kernel/units.ts';
import type { Plan } from '../model/plan.ts';
import { meshSummary } from './mesh-summary.ts';
import { counted, type Section } from './summary-section.ts';

/** A resolved plan the way a person reads it: the SLA table, then the six sections in their order. */
export function planSummary(plan: Plan): string {
  const sections = [objectives, access, gateway, compute, meshSummary, data, observability].map((section) =>
    section(plan),
  );
  const text = sections.map(({ title, rows }) => {
    const width = Math.max(0, ...rows.map(([name]) => name.length));
    const lines = rows.map(([name, ...facts]) => `  ${name.padEnd(width)}  ${facts.join(' · ')}`);
    return [title, ...lines].join('\n');
  });
  return `${plan.name}, ${plan.region}\n\n${text.join('\n\n')}\n`;
}

function objectives({ sla }: Plan): Section {
  const { gateway, compute, cache, table } = sla;
  const each = (unit: string, { throughput, latency, availability }: typeof gateway) => [
    `${throughput} ${unit}/s`,
    `p99 under ${formatDuration(latency)}`,
    formatPercent(availability),
  ];
  return {
    title: 'SLA',
    rows: [
      ['gateway', ...each('requests', gateway)],
      ['compute', ...each('requests', compute)],
      ['cache', ...each('queries', cache), `misses under ${formatDuration(cache.missLatency)}`],
      [
        'table',
        `${table.readUnits} read and ${table.writeUnits} write units/s`,
        `p99 under ${formatDuration(table.latency)}`,
        formatPercent(table.availability),
      ],
    ],
  };
}

function access({ access }: Plan): Section {
  return {
    title: '1. Client access',
    rows: [
      ...access.behaviors.map(({ path, origin, cachePolicy, compress, functions }) => {
        const policy = access.cachePolicies[cachePolicy];
        return [
          path,
          `from ${origin}`,
          policy === undefined || policy.maxTtl === 0
            ? 'not cached'
            : `cached ${cachePolicy}, ${formatDuration(policy.minTtl)} to ${formatDuration(policy.maxTtl)}`,
          ...(compress ? ['compressed'] : []),
          ...Object.entries(functions).map(([event, name]) => `${name} on ${event}`),
        ] as const;
      }),
      ...Object.entries(access.origins).map(
        ([name, origin]) =>
          [name, 'folder' in origin ? `the files of ${origin.folder}` : 'the API gateway'] as const,
      ),
      ['client', `waits ${formatDuration(access.clientTimeout)}`],
    ],
  };
}

function gateway({ gateway }: Plan): Section {
  return {
    title: '2. API gateway',
    rows: [
      ...gateway.routes.map(
        ({ path, methods, service, function: name, throttle, cache, auth }) =>
          [
            path,
            methods.join(' '),
            service === undefined ? `to function ${name}` : `to ${service}`,
            `${throttle.rate}/s, burst ${throttle.burst}`,
            cache.ttl === 0 ? 'not cached' : `cached ${formatDuration(cache.ttl)}`,
            auth.mode === 'required'
              ? `token required, answer reused ${formatDuration(auth.ttl)}`
              : auth.mode === 'optional'
                ? 'token optional'
                : 'no authorizer',
          ] as const,
      ),
      ...Object.entries(gateway.functions).map(
        ([name, { source, memory, timeout }]) =>
          [name, source, `memory ${memory} MiB`, `ends after ${formatDuration(timeout)}`] as const,
      ),
      [
        'account',
        `${gateway.account.rate}/s, burst ${gateway.account.burst}`,
        `integration ends after ${formatDuration(gateway.integrationTimeout)}`,
      ],
    ],
  };
}

function compute({ compute }: Plan): Section {
  return {
    title: `3. Compute: ${compute.cluster}`,
    rows: Object.entries(compute.services).map(
      ([name, { source, cpu, memory, port, tasks, health, logGroup, stopTimeout }]) => [
        name,
        counted(tasks, 'task'),
        source,
        `cpu ${cpu}, memory ${memory} MiB, port ${port}`,
        `health ${health.path} every ${formatDuration(health.interval)}`,
        `stops within ${formatDuration(stopTimeout)}`,
        logGroup,
      ],
    ),
  };
}

function data({ data }: Plan): Section {
  const { relational, table, cache } = data;
  return {
    title: '5. Data storage',
    rows: [
      [relational.table, 'system of record', `${counted(relational.connections, 'connection')} a task`],
      [
        table.name,
        `key ${table.partitionKey}, ${table.sortKey}`,
        table.indexes.map(({ name, partitionKey }) => `${name} by ${partitionKey}`).join(', '),
      ],
      [
        'cache',
        `hot ${formatDuration(cache.hot.ttl)}, static ${formatDuration(cache.static.ttl)}, missing ${formatDuration(cache.missing.ttl)}`,
        `${formatSize(cache.memory)} of memory`,
      ],
    ],
  };
}

function observability({ observability }: Plan): Section {
  return {
    title: '6. Observability',
    rows: Object.entries(observability.alarms).map(([name, alarm]) => [
      name,
      `${alarm.statistic} ${alarm.metric} ${comparisons[alarm.comparison]} ${alarm.threshold}`,
      `${alarm.datapointsToAlarm} of ${alarm.evaluationPeriods} periods of ${formatDuration(alarm.period)}`,
      `tells ${alarm.topic}`,
    ]),
  };
}

const comparisons = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '≥',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '≤',
} as const;
