import { setTimeout as delay } from 'node:timers/promises';

/**
 * Runs an assertion until it holds, and fails with its last error at the deadline.
 * @param timeout milliseconds
 */
export async function eventually<Value>(
  assertion: () => Value | Promise<Value>,
  { timeout = 10_000, interval = 20 }: { timeout?: number; interval?: number } = {},
): Promise<Value> {
  const deadline = performance.now() + timeout;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
      await delay(interval);
    }
  }
}
