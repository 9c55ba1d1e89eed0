/** How long a process that ended waits before it is started again. Milliseconds. */
export interface RestartPolicy {
  readonly initial: number;
  readonly factor: number;
  readonly ceiling: number;
  /** A process that ran this long starts counting from the beginning. */
  readonly stableAfter: number;
}

/** Quick at first, so that one crash costs little; capped, so that a crash loop costs no core. */
export const restartPolicy: RestartPolicy = { initial: 100, factor: 2, ceiling: 5000, stableAfter: 10_000 };

/**
 * The wait before the next start.
 * @param failures ends in a row without a stable run between, the last one included (≥ 1)
 * @returns milliseconds
 */
export function restartDelay(failures: number, policy: RestartPolicy = restartPolicy): number {
  return Math.min(policy.ceiling, policy.initial * policy.factor ** Math.max(0, failures - 1));
}

/**
 * Counts an end of a process.
 * @param failures the count before it
 * @param uptime milliseconds the process was ready
 */
export function countFailure(
  failures: number,
  uptime: number,
  policy: RestartPolicy = restartPolicy,
): number {
  return uptime >= policy.stableAfter ? 1 : failures + 1;
}
