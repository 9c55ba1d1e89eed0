import { formatDuration } from '../kernel/units.ts';
import { accessRules } from './access-rules.ts';
import type { ParsedDocument } from './document.ts';
import { fargateMemory, limits } from './limits.ts';
import { meshRules } from './mesh-rules.ts';
import { type Mistake, mistake } from './mistake.ts';
import { oneOf, type Rule } from './rule.ts';
import { nestedTimeouts } from './timeout-rules.ts';

/** Everything a document of the right form can still get wrong: names, sizes, weights, nesting timeouts. */
export function validate(document: ParsedDocument): Mistake[] {
  return rules.flatMap((rule) => [...rule(document)]);
}

const rules: readonly Rule[] = [
  ...accessRules,
  gatewayRoutes,
  taskSizes,
  ...meshRules,
  nestedTimeouts,
  tableKeys,
  cacheTimes,
  alarms,
];

function* gatewayRoutes({ gateway, compute }: ParsedDocument): Iterable<Mistake> {
  const seen = new Set<string>();
  for (const [index, route] of gateway.routes.entries()) {
    const at = ['gateway', 'routes', index];
    if (seen.has(route.path)) yield mistake([...at, 'path'], route.path, 'a path that no other route has');
    seen.add(route.path);
    if (!(route.service in compute.services)) {
      yield mistake([...at, 'service'], route.service, oneOf(Object.keys(compute.services)));
    }
    if (route.auth.mode === 'optional' && (route.auth.ttl ?? 0) > 0) {
      yield mistake(
        [...at, 'auth', 'ttl'],
        formatDuration(route.auth.ttl ?? 0),
        "'0s': without a token there is nothing to cache by",
        limits.gatewayAuthorizerTtl.reference,
      );
    }
    if (route.cache.ttl > 0 && !route.methods.includes('GET')) {
      yield mistake(
        [...at, 'cache', 'ttl'],
        formatDuration(route.cache.ttl),
        "'0s' on a route without GET",
        limits.gatewayCacheTtl.reference,
      );
    }
  }
}

function* taskSizes({ compute }: ParsedDocument): Iterable<Mistake> {
  for (const [name, { cpu, memory }] of Object.entries(compute.services)) {
    const at = ['compute', 'services', name];
    const sizes = fargateMemory[cpu];
    if (!sizes) {
      yield mistake([...at, 'cpu'], cpu, oneOf(Object.keys(fargateMemory)), limits.fargateCpu.reference);
    } else if (!sizes.includes(memory)) {
      yield mistake(
        [...at, 'memory'],
        memory,
        `with cpu ${cpu}: ${oneOf(sizes)}`,
        limits.fargateMemory.reference,
      );
    }
  }
}

function* tableKeys({ data }: ParsedDocument): Iterable<Mistake> {
  const { table } = data;
  if (table.partitionKey === table.sortKey) {
    yield mistake(['data', 'table', 'sortKey'], table.sortKey, 'another attribute than partitionKey');
  }
  const names = new Set<string>();
  for (const [index, { name }] of table.indexes.entries()) {
    if (names.has(name))
      yield mistake(['data', 'table', 'indexes', index, 'name'], name, 'a name that no other index has');
    names.add(name);
  }
}

function* cacheTimes({ data }: ParsedDocument): Iterable<Mistake> {
  const { hot, static: fixed } = data.cache;
  if (fixed.ttl < hot.ttl) {
    yield mistake(
      ['data', 'cache', 'static', 'ttl'],
      formatDuration(fixed.ttl),
      `at least ${formatDuration(hot.ttl)}, data.cache.hot.ttl`,
    );
  }
  if (fixed.refresh > fixed.ttl) {
    yield mistake(
      ['data', 'cache', 'static', 'refresh'],
      formatDuration(fixed.refresh),
      `at most ${formatDuration(fixed.ttl)}, data.cache.static.ttl`,
    );
  }
}

function* alarms({ observability }: ParsedDocument): Iterable<Mistake> {
  for (const [name, alarm] of Object.entries(observability.alarms)) {
    const at = ['observability', 'alarms', name];
    const { period, evaluationPeriods, datapointsToAlarm = evaluationPeriods } = alarm;
    if (!observability.topics.includes(alarm.topic)) {
      yield mistake([...at, 'topic'], alarm.topic, oneOf(observability.topics));
    }
    if (datapointsToAlarm > evaluationPeriods) {
      yield mistake(
        [...at, 'datapointsToAlarm'],
        datapointsToAlarm,
        `at most ${evaluationPeriods}, the evaluationPeriods`,
      );
    }
    if (![10_000, 20_000, 30_000].includes(period) && period % 60_000 !== 0) {
      yield mistake(
        [...at, 'period'],
        formatDuration(period),
        "'10s', '20s', '30s' or whole minutes",
        limits.alarmEvaluation.reference,
      );
    }
    if (period * evaluationPeriods > limits.alarmEvaluation.value) {
      yield mistake(
        [...at, 'evaluationPeriods'],
        evaluationPeriods,
        'at most seven days together with the period',
        limits.alarmEvaluation.reference,
      );
    }
  }
}
