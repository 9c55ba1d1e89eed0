import { setTimeout as delay } from 'node:timers/promises';

/** How often a process is asked whether it answers. Milliseconds. */
export interface ProbePolicy {
  /** First pause between two tries while it starts; grows by half each time up to `startCeiling`. */
  readonly startInterval: number;
  readonly startCeiling: number;
  /** Pause between two tries of a process that answers. */
  readonly interval: number;
  /** Pause after a try that failed. */
  readonly failedInterval: number;
  /** One try without an answer for this long has failed. */
  readonly timeout: number;
  /** A process that has not answered for this long is ended and started again. */
  readonly hungAfter: number;
}

/** Rare while all is well: the whole platform may use 5% of a core when idle. */
export const probePolicy: ProbePolicy = {
  startInterval: 20,
  startCeiling: 250,
  interval: 5000,
  failedInterval: 1000,
  timeout: 2000,
  hungAfter: 15_000,
};

type Probe = () => Promise<void>;

/**
 * Asks until the process answers.
 * @throws the probe's last error, or the signal's reason when that ends the wait
 */
export async function untilReady(probe: Probe, policy: ProbePolicy, signal: AbortSignal): Promise<void> {
  let pause = policy.startInterval;
  let last: unknown;
  for (;;) {
    if (signal.aborted) throw last ?? signal.reason;
    try {
      await answer(probe, policy.timeout, signal);
      return;
    } catch (error) {
      last = error;
    }
    await delay(pause, undefined, { signal }).catch(() => undefined);
    pause = Math.min(policy.startCeiling, pause * 1.5);
  }
}

/**
 * Watches a running process; settles when it has not answered for too long.
 * @param told learns at each change whether it answers
 * @throws the signal's reason when that ends the watch
 */
export async function untilHung(
  probe: Probe,
  policy: ProbePolicy,
  signal: AbortSignal,
  told: (answers: boolean) => void,
): Promise<void> {
  let silentSince: number | undefined;
  for (;;) {
    const pause = silentSince === undefined ? policy.interval : policy.failedInterval;
    await delay(pause, undefined, { signal });
    const asked = performance.now();
    try {
      await answer(probe, policy.timeout, signal);
      silentSince = undefined;
      told(true);
    } catch (error) {
      if (signal.aborted) throw error;
      silentSince ??= asked;
      told(false);
      if (performance.now() - silentSince >= policy.hungAfter) return;
    }
  }
}

/** One try that ends in time, whatever the probe does. */
function answer(probe: Probe, timeout: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeout} ms`)), timeout);
    signal.addEventListener('abort', stop, { once: true });
    probe()
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
      });
  });
}
