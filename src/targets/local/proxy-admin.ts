import { setTimeout as delay } from 'node:timers/promises';
import { ask } from './http-probe.ts';
import type { Address } from './process.ts';

/** Milliseconds between two looks. */
const interval = 50;

/**
 * Whether a proxy knows a host, and may send it requests.
 * @returns 'unknown' when the proxy does not answer
 * @see https://www.envoyproxy.io/docs/envoy/latest/operations/admin#get--clusters
 */
export async function hostState(
  admin: Address,
  host: Address,
): Promise<'absent' | 'healthy' | 'unhealthy' | 'unknown'> {
  const answer = await ask(admin, '/clusters').catch(() => undefined);
  if (answer?.status !== 200) return 'unknown';
  const marker = `::${host.host}:${host.port}::health_flags::`;
  const line = answer.body.split('\n').find((text) => text.includes(marker));
  if (line === undefined) return 'absent';
  return line.endsWith('::healthy') ? 'healthy' : 'unhealthy';
}

/** Whether a proxy knows all of these clusters, and of each a host it may send requests to if it knows any. */
export async function knowsClusters(admin: Address, names: readonly string[]): Promise<boolean> {
  const answer = await ask(admin, '/clusters').catch(() => undefined);
  const lines = answer?.status === 200 ? answer.body.split('\n') : [];
  return names.every((name) => {
    const own = lines.filter((line) => line.startsWith(`${name}::`));
    const hosts = own.filter((line) => line.includes('::health_flags::'));
    return own.length > 0 && (hosts.length === 0 || hosts.some((line) => line.endsWith('::healthy')));
  });
}

/** Requests a sidecar has taken for its application and not yet answered; 0 when it does not answer itself. */
export async function requestsInFlight(admin: Address): Promise<number> {
  const answer = await ask(admin, '/stats?filter=downstream_rq_active').catch(() => undefined);
  if (answer?.status !== 200) return 0;
  return answer.body
    .split('\n')
    .filter((line) => line.startsWith('http.ingress.'))
    .reduce((sum, line) => sum + (Number(line.split(': ')[1]) || 0), 0);
}

/**
 * Waits until a condition holds.
 * @param timeout milliseconds
 * @returns whether it held in time
 */
export async function untilHolds(condition: () => Promise<boolean>, timeout: number): Promise<boolean> {
  const deadline = performance.now() + timeout;
  while (!(await condition())) {
    if (performance.now() >= deadline) return false;
    await delay(interval);
  }
  return true;
}
