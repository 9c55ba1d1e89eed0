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
  functionTimes,
  taskSizes,
  ...meshRules,
  nestedTimeouts,
  tableKeys,
  sessionRules,
  cacheTimes,
  alarms,
];

function* gatewayRoutes({ gateway, compute }: ParsedDocument): Iterable<Mistake> {
  const seen = new Set<string>();
  for (const [index, route] of gateway.routes.entries()) {
    const at = ['gateway', 'routes', index];
    if (seen.has(route.path)) yield mistake([...at, 'path'], route.path, 'a path that no other route has');
    seen.add(route.path);
    yield* whoAnswers(route, at, { gateway, compute });
    if (route.auth.mode !== 'required' && (route.auth.ttl ?? 0) > 0) {
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

/** A route names one of the services or one of the functions; a function's answers are made for one caller. */
function* whoAnswers(
  route: ParsedDocument['gateway']['routes'][number],
  at: PropertyKey[],
  { gateway, compute }: Pick<ParsedDocument, 'gateway' | 'compute'>,
): Iterable<Mistake> {
  const { service, function: name } = route;
  if (service !== undefined && name !== undefined) {
    yield mistake([...at, 'function'], name, 'a service or a function, not both');
  } else if (name !== undefined) {
    if (!Object.hasOwn(gateway.functions, name))
      yield mistake([...at, 'function'], name, oneOf(Object.keys(gateway.functions)));
    if (route.cache.ttl > 0)
      yield mistake(
        [...at, 'cache', 'ttl'],
        formatDuration(route.cache.ttl),
        "'0s' where a function answers",
      );
  } else if (service === undefined || !Object.hasOwn(compute.services, service)) {
    yield mistake([...at, 'service'], service, oneOf(Object.keys(compute.services)));
  }
}

/** The vendor counts a function's time in seconds, and who waits for it is the API. */
function* functionTimes({ gateway }: ParsedDocument): Iterable<Mistake> {
  for (const [name, { timeout }] of Object.entries(gateway.functions)) {
    const at = ['gateway', 'functions', name, 'timeout'];
    const found = formatDuration(timeout);
    if (timeout % 1000 !== 0) yield mistake(at, found, 'whole seconds', limits.functionTimeout.reference);
    if (timeout > gateway.integrationTimeout)
      yield mistake(
        at,
        found,
        `at most ${formatDuration(gateway.integrationTimeout)}, gateway.integrationTimeout`,
      );
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

/** Sessions have a table of their own, and the shorter of their times is the one that is called so. */
function* sessionRules({ data }: ParsedDocument): Iterable<Mistake> {
  const { table, idle, absolute, accessToken } = data.sessions;
  const at = ['data', 'sessions'];
  if (table.name === data.table.name)
    yield mistake([...at, 'table', 'name'], table.name, 'a name that no other table has');
  const keys = [table.partitionKey, table.sortKey];
  if (keys[0] === keys[1])
    yield mistake([...at, 'table', 'sortKey'], table.sortKey, 'another attribute than partitionKey');
  if (keys.includes(table.timeToLive))
    yield mistake([...at, 'table', 'timeToLive'], table.timeToLive, 'an attribute that is no key');
  if (idle > absolute)
    yield mistake([...at, 'idle'], formatDuration(idle), `at most ${formatDuration(absolute)}, absolute`);
  if (accessToken > idle)
    yield mistake(
      [...at, 'accessToken'],
      formatDuration(accessToken),
      `at most ${formatDuration(idle)}, idle`,
    );
  for (const [name, time] of Object.entries({ absolute, accessToken })) {
    if (time % 1000 !== 0)
      yield mistake(
        [...at, name],
        formatDuration(time),
        'whole seconds',
        limits.identityAccessToken.reference,
      );
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
