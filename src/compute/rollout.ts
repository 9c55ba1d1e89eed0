/** One task as a rollout sees it: its number within the service, and what it was started from. */
export interface RunningTask {
  readonly number: number;
  /** Equal for tasks started from equal settings. */
  readonly revision: string;
}

/** What a service should be. */
export interface DesiredService {
  readonly tasks: number;
  readonly revision: string;
}

/** One step of a rollout; each waits for the one before. A started task serves before the next step begins. */
export type RolloutStep = { readonly start: number } | { readonly stop: number };

/**
 * The steps that take a service from what runs to what is wanted: never fewer tasks than the smaller of both,
 * one more than the larger at most (a rolling update with 100% minimum healthy).
 * New tasks take the lowest free number; the highest numbers leave first.
 */
export function rollout(running: readonly RunningTask[], desired: DesiredService): RolloutStep[] {
  const steps: RolloutStep[] = [];
  const numbers = new Set(running.map((task) => task.number));
  const byNumber = running.toSorted((one, other) => one.number - other.number);
  const outdated = byNumber.filter((task) => task.revision !== desired.revision).map((task) => task.number);
  const current = byNumber.filter((task) => task.revision === desired.revision).map((task) => task.number);

  const start = () => {
    let number = 1;
    while (numbers.has(number)) number += 1;
    numbers.add(number);
    current.push(number);
    steps.push({ start: number });
  };
  const stop = (number: number) => {
    numbers.delete(number);
    steps.push({ stop: number });
  };

  while (current.length < desired.tasks) {
    start();
    const leaving = numbers.size > desired.tasks ? outdated.shift() : undefined;
    if (leaving !== undefined) stop(leaving);
  }
  for (const number of outdated) stop(number);
  for (const number of current
    .toSorted((one, other) => other - one)
    .slice(0, current.length - desired.tasks)) {
    stop(number);
  }
  return steps;
}
